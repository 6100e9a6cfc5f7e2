import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the repository; not part of a clone. */
export const SOURCE = fileURLToPath(new URL('../../../../../shared/logto/', import.meta.url));
export const COPY = fileURLToPath(new URL('./recordings/', import.meta.url));

/** What the fake answers with; the rest of the recordings is not needed here. */
const EXCHANGES = [
  'authorize-parameters',
  'backchannel-logout',
  'end-session',
  'introspection-revocation',
  'm2m-token',
  'management-applications',
  'management-errors',
  'management-hooks',
  'management-sessions-grants',
  'management-users',
  'refresh-token',
  'sign-in-errors',
  'sign-in-flow',
  'token-endpoint',
  'user-lifecycle',
  'userinfo',
  'webhook-delivery',
];
/** Files whose tokens are verified by tests; elsewhere they only take space. */
const WITH_TOKENS = new Set(['backchannel-logout', 'token-endpoint']);
const HEADERS = new Set(['content-type', 'link', 'location', 'total-number', 'www-authenticate']);

export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface RecordedExchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query: unknown;
    readonly body: unknown;
  };
  readonly response: RecordedResponse;
}

export interface RecordedWebhook {
  readonly name: string;
  readonly event: string;
  readonly rawBody: string;
  readonly signingKey: string;
  readonly signature: string;
}

export interface Recordings {
  readonly discovery: Record<string, unknown>;
  readonly jwks: { readonly keys: readonly Record<string, string>[] };
  readonly exchanges: Readonly<Record<string, readonly RecordedExchange[]>>;
  readonly webhooks: readonly RecordedWebhook[];
}

export function sourceIsThere(): boolean {
  return existsSync(join(SOURCE, 'CONTRACT.md'));
}

/** The recordings as they were made, in the shape of the copy. */
export function readSource(): Recordings {
  const exchanges = EXCHANGES.map((file) => {
    const { exchanges: all } = json(join(SOURCE, 'exchanges', `${file}.json`)) as { exchanges: Raw[] };
    return [file, all.map((one) => smaller(one, WITH_TOKENS.has(file)))] as const;
  });
  return {
    discovery: json(join(SOURCE, 'discovery.json')) as Recordings['discovery'],
    jwks: json(join(SOURCE, 'jwks.json')) as Recordings['jwks'],
    exchanges: Object.fromEntries(exchanges),
    webhooks: readdirSync(join(SOURCE, 'webhooks')).sort().flatMap(webhooksOf),
  };
}

/** File and text of each part of the copy. */
export function copiesOf({ exchanges, webhooks, ...small }: Recordings): [path: string, text: string][] {
  const parts: [string, unknown][] = [
    ['metadata', small],
    ['webhooks', webhooks],
    ...Object.entries(exchanges),
  ];
  return parts.map(([name, part]) => [join(COPY, `${name}.json`), `${JSON.stringify(part, null, 1)}\n`]);
}

export function readCopy(): Recordings {
  const read = (name: string) => json(join(COPY, `${name}.json`));
  return {
    ...(read('metadata') as Pick<Recordings, 'discovery' | 'jwks'>),
    webhooks: read('webhooks') as RecordedWebhook[],
    exchanges: Object.fromEntries(EXCHANGES.map((name) => [name, read(name) as RecordedExchange[]])),
  };
}

interface Raw {
  readonly name: string;
  readonly request: {
    method: string;
    path: string;
    query?: unknown;
    body?: unknown;
  };
  readonly response?: {
    status: number;
    headers?: Record<string, string | string[]>;
    body?: unknown;
  };
}

function smaller({ name, request, response }: Raw, withTokens: boolean): RecordedExchange {
  const { method, path, query = {}, body = null } = request;
  const headers = Object.entries(response?.headers ?? {}).flatMap(([key, value]) =>
    HEADERS.has(key) ? [[key, String(value)]] : [],
  );
  const kept = {
    name,
    request: { method, path, query, body },
    response: {
      status: response?.status ?? 0,
      headers: Object.fromEntries(headers),
      body: response?.body ?? null,
    },
  };
  if (withTokens) return kept;
  return JSON.parse(JSON.stringify(kept).replace(/eyJ[\w.%-]{60,}/g, '(a token)')) as RecordedExchange;
}

function webhooksOf(file: string): RecordedWebhook[] {
  const { event, samples } = json(join(SOURCE, 'webhooks', file)) as {
    event: string;
    samples: { rawBody: string; signingKey: string; expectedSignatureHex: string }[];
  };
  return samples.map(({ rawBody, signingKey, expectedSignatureHex }, index) => ({
    name: `${file.replace('.json', '')} ${index + 1}`,
    event,
    rawBody,
    signingKey,
    signature: expectedSignatureHex,
  }));
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
