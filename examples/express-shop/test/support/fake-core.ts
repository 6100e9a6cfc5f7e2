import { createHash, createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const userRef = 'ppid_abcdefghijklmnopqrstuvwx23';
export const webhookSecret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const site = 'tea-shop';

/** A core and its cell in one small server: signs everybody in at once, and shares what `shared` says. */
export interface FakeCore {
  readonly issuer: string;
  readonly site: string;
  /** Attributes with a live consent, and their values. */
  shared: Record<string, unknown>;
  /** What the person ticks when asked; added to `shared`. */
  ticks: Record<string, unknown>;
  /** The OAuth error that the next sign-in ends with. */
  refusal: string | undefined;
  /** Queries of authorization requests, as pushed. */
  readonly asked: URLSearchParams[];
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly location?: string;
}

export async function startFakeCore(): Promise<FakeCore> {
  const server = createServer(async (req, res) => {
    const body = new URLSearchParams(await readBody(req));
    const { pathname, searchParams } = new URL(req.url ?? '/', core.issuer);
    const reply = answer(core, `${req.method} ${pathname}`, { query: searchParams, body });
    const headers = reply.location ? { location: reply.location } : { 'content-type': 'application/json' };
    res
      .writeHead(reply.status, headers)
      .end(reply.json === undefined ? undefined : JSON.stringify(reply.json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const core: FakeCore = {
    issuer: `http://localhost:${(server.address() as AddressInfo).port}`,
    site,
    shared: {},
    ticks: {},
    refusal: undefined,
    asked: [],
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return core;
}

/** A delivery as the core sends it: Standard Webhooks, HMAC-SHA-256. */
export function signedWebhook(event: { type: string; data: object }): RequestInit {
  const id = `evt_${randomUUID()}`;
  const now = new Date();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const body = JSON.stringify({ ...event, timestamp: now.toISOString() });
  const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  return { method: 'POST', body, headers: { ...signed, 'content-type': 'application/json' } };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...key.publicKey.export({ format: 'jwk' }), kid: 'test-1', use: 'sig', alg: 'ES256' };

interface Incoming {
  readonly query: URLSearchParams;
  readonly body: URLSearchParams;
}

function answer(core: FakeCore, route: string, { query, body }: Incoming): Reply {
  switch (route) {
    case 'GET /.well-known/openid-configuration':
      return { status: 200, json: discovery(core.issuer) };
    case 'GET /jwks':
      return { status: 200, json: { keys: [jwk] } };
    case 'POST /par':
      core.asked.push(body);
      return { status: 201, json: { request_uri: `urn:test:${core.asked.length - 1}`, expires_in: 60 } };
    case 'GET /auth':
      return { status: 303, location: comeBack(core, query.get('request_uri') ?? '') };
    case 'POST /token':
      return { status: 200, json: tokens(core, body.get('code') ?? '') };
    case 'GET /v1/attributes':
      return readAttributes(core, (query.get('names') ?? '').split(','));
    default:
      return { status: 404, json: { code: 'not_found' } };
  }
}

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    protected_resources: [issuer],
  };
}

function comeBack(core: FakeCore, requestUri: string): string {
  const index = requestUri.replace('urn:test:', '');
  const asked = core.asked[Number(index)];
  const back = new URL(asked?.get('redirect_uri') ?? '');
  back.searchParams.set('state', asked?.get('state') ?? '');
  back.searchParams.set('iss', core.issuer);
  if (core.refusal) back.searchParams.set('error', core.refusal);
  else back.searchParams.set('code', index);
  const names = asked?.get('scope')?.split(' ') ?? [];
  for (const [name, value] of Object.entries(core.ticks)) if (names.includes(name)) core.shared[name] = value;
  return back.href;
}

function tokens(core: FakeCore, code: string) {
  const now = Math.floor(Date.now() / 1000);
  const accessToken = `at-${randomUUID()}`;
  const claims = {
    iss: core.issuer,
    aud: site,
    sub: userRef,
    user_ref: userRef,
    passport: { v: 1, consents: Object.keys(core.shared), assurance_level: 'substantial' },
    tenant: 'test',
    site,
    sid: 'session-1',
    auth_time: now,
    iat: now,
    exp: now + 3600,
    nonce: core.asked[Number(code)]?.get('nonce'),
    at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
  };
  return { access_token: accessToken, token_type: 'Bearer', expires_in: 600, id_token: passport(claims) };
}

function passport(claims: object): string {
  const parts = [{ alg: 'ES256', typ: 'JWT', kid: 'test-1' }, claims];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function readAttributes({ shared }: FakeCore, names: readonly string[]): Reply {
  const missing = names.filter((name) => !Object.hasOwn(shared, name));
  if (missing.length > 0) return { status: 403, json: { code: 'consent_required', attributes: missing } };
  return { status: 200, json: { attributes: Object.fromEntries(names.map((name) => [name, shared[name]])) } };
}
