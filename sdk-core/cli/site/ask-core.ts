import { isObject } from '../../src/encoding/strict-json.ts';
import { Problem } from '../console/problem.ts';
import type { SiteSettings } from './site-settings.ts';
import { VARIABLES } from './variables.ts';

const WITHIN_MS = 10_000;

/**
 * Asks the core's API as the site, and gives the JSON of the answer.
 * @throws Problem when the core cannot be reached, does not know the site, or refuses
 */
export async function askCore(
  settings: SiteSettings,
  path: string,
  { method = 'GET', signal }: { method?: 'GET' | 'POST'; signal?: AbortSignal } = {},
): Promise<Record<string, unknown>> {
  const issuer = settings.need(VARIABLES.issuer).replace(/\/$/, '');
  const pair = [settings.need(VARIABLES.site), settings.need(VARIABLES.siteSecret)].map(encodeURIComponent);
  const within = AbortSignal.timeout(WITHIN_MS);
  const response = await fetch(issuer + path, {
    method,
    redirect: 'error',
    headers: { accept: 'application/json', authorization: `Basic ${btoa(pair.join(':'))}` },
    signal: signal ? AbortSignal.any([signal, within]) : within,
  }).catch((cause: unknown) => {
    throw new Problem({
      what: `The core at ${issuer} does not answer.`,
      why: reasonOf(cause),
      fix: 'Start it (userref dev), or correct USERREF_ISSUER.',
      cause,
    });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && isObject(body)) return body;
  throw refusal(response.status, { issuer, body });
}

/** Why a request could not be made, without an address or a header in it. */
export function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  if (typeof cause?.code === 'string') return cause.code;
  return name === 'TimeoutError' ? 'no answer in time' : 'the connection failed';
}

function refusal(status: number, { issuer, body }: { issuer: string; body: unknown }): Problem {
  const code = isObject(body) && typeof body.code === 'string' ? body.code : undefined;
  if (status === 401) {
    return new Problem({
      what: 'The core does not recognise this site.',
      why: 'USERREF_SITE is not registered there, or USERREF_SITE_SECRET is not its secret.',
      fix: 'Compare both with what the operator gave you; for the emulator run `userref dev` again.',
    });
  }
  return new Problem({
    what: `The core answered with ${status}${code ? `, ${code}` : ''}.`,
    why: status === 404 ? `${issuer} is no core, or one without this part of its API.` : 'See its log.',
    fix: code ? `userref explain ${code}` : 'Check USERREF_ISSUER and the version of the core.',
  });
}
