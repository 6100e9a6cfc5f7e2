import { LoginFailedError } from '../errors/login-failed-error.ts';

export interface CallbackParameters {
  readonly state: string | null;
  readonly code: string | null;
  readonly issuer: string | null;
  readonly error: string | null;
  /** All of the query, for the protocol library. */
  readonly query: URLSearchParams;
}

/** Reads the answer of the core (RFC 6749 §4.1.2, RFC 9207). A parameter that occurs twice is refused. */
export function readCallback(url: string, baseUrl: string): CallbackParameters {
  const { searchParams: query } = new URL(url, baseUrl);
  const single = (name: string): string | null => {
    const values = query.getAll(name);
    if (values.length > 1)
      throw new LoginFailedError('login_state_mismatch', { detail: `${name} occurs twice.` });
    return values[0] ?? null;
  };
  return {
    state: single('state'),
    code: single('code'),
    issuer: single('iss'),
    error: single('error'),
    query,
  };
}
