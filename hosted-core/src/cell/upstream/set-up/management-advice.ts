import { ManagementError, type ManagementErrorKind } from '../management/management-error.ts';

const ADVICE: Readonly<Partial<Record<ManagementErrorKind, string>>> = {
  unauthorized:
    'Logto refuses this client or its secret. Look whether the secret is that client’s; the seeded m-default gets its tokens at the admin tenant, see --admin-endpoint.',
  forbidden:
    'The client may not use the Management API. Give it the role «Logto Management API access» in Logto’s Console.',
  unavailable:
    'Logto does not answer, or too slowly. Look whether it runs, and whether the address is right.',
  rate_limited: 'Logto asks for less. Try again in a minute.',
  unexpected:
    'This answer was never observed of a Logto 1.42. Look whether the address is Logto’s own, without /oidc.',
};

/** What went wrong and what to do about it; nothing of what was sent. */
export function adviceFor(error: unknown): string {
  if (!(error instanceof ManagementError)) return error instanceof Error ? error.message : 'failed';
  const advice = ADVICE[error.kind];
  return advice ? `${error.message}. ${advice}` : error.message;
}

/** For a command: the refusal with its advice as the message. */
export async function withAdvice<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new Error(adviceFor(cause), { cause });
  }
}
