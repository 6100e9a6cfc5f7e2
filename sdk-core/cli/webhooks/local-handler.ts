import { decodeBase64 } from '../../src/encoding/base64.ts';
import { Problem } from '../console/problem.ts';
import { reasonOf } from '../site/ask-core.ts';
import type { SiteSettings } from '../site/site-settings.ts';
import { VARIABLES } from '../site/variables.ts';
import { UsageError } from '../usage-error.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const WITHIN_MS = 15_000;
const PREFIX = 'whsec_';

/** How a handler answered. */
export interface HandlerAnswer {
  readonly status: number;
  readonly latencyMs: number;
}

/**
 * Where the events of this site go on this machine. Nothing is ever sent to another one: events signed with the
 * site's secret would count there.
 * @throws UsageError
 */
export function handlerUrl(given: string | undefined, settings: SiteSettings): URL {
  const text = given ?? `${settings.need(VARIABLES.baseUrl).replace(/\/$/, '')}/userref/webhook`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && LOOPBACK.includes(url.hostname) && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(
    '--to takes an address on this machine, such as http://localhost:3000/userref/webhook.',
  );
}

/** @throws Problem when the secret is none */
export function webhookKey(settings: SiteSettings): Uint8Array<ArrayBuffer> {
  const secret = settings.need(VARIABLES.webhookSecret);
  const key = secret.startsWith(PREFIX) ? decodeBase64(secret.slice(PREFIX.length)) : null;
  if (key !== null) return key;
  throw new Problem({
    what: `${VARIABLES.webhookSecret} is no webhook secret.`,
    fix: 'It begins with whsec_ and was shown when the endpoint was registered.',
  });
}

/** Sends one request to the handler. @throws Problem when nothing answers */
export async function deliver(
  url: URL,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
): Promise<HandlerAnswer> {
  const started = performance.now();
  const init = {
    method: 'POST',
    headers,
    body,
    redirect: 'manual' as const,
    signal: AbortSignal.timeout(WITHIN_MS),
  };
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Problem({
      what: `Nothing answers at ${url.origin}${url.pathname}.`,
      why: reasonOf(cause),
      fix: 'Start your site, or name its webhook address with --to.',
      cause,
    });
  });
  await response.body?.cancel();
  return { status: response.status, latencyMs: Math.round(performance.now() - started) };
}

/** What an answer means, in words; empty for the one that was hoped for. */
export function meaningOf({ status }: HandlerAnswer): string {
  if (status >= 200 && status < 300) return '';
  if (status === 401 || status === 400) {
    return 'the handler refused the signature or the body: is USERREF_WEBHOOK_SECRET the same there, and the body raw?';
  }
  if (status === 404) return 'there is no handler at this address: is the SDK mounted, and the path right?';
  if (status >= 300 && status < 400) return 'the handler redirects, which counts as a failure';
  return 'the handler failed: see the log of your site';
}
