import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const CLIENT = { clientId: 'cell', clientSecret: 'a:secret/with+odd&characters' };
const KID = 'only-key';

export interface OtherProviderOptions {
  /** Claims of everybody, besides `sub`. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly sub: string;
  /** Members of the metadata that differ; undefined leaves one out. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * An OpenID provider that is unlike Logto: RS256, the secret in the form only, no sign-out, no revocation, no `iss` in
 * the callback, and claims of its own kind. It lets in whoever comes.
 */
export async function startOtherProvider({ claims, sub, metadata = {} }: OtherProviderOptions) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const codes = new Map<string, { challenge: string; nonce: string }>();
  const asked: URL[] = [];
  let issuer = '';

  function document() {
    const all = {
      ...{ issuer, authorization_endpoint: `${issuer}/login`, token_endpoint: `${issuer}/tokens` },
      ...{
        jwks_uri: `${issuer}/keys`,
        userinfo_endpoint: `${issuer}/me`,
        response_types_supported: ['code'],
      },
      ...{ subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] },
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      ...metadata,
    };
    return JSON.parse(JSON.stringify(all)) as Record<string, unknown>;
  }

  function login(url: URL): string {
    asked.push(url);
    const code = randomBytes(16).toString('hex');
    const { searchParams: query } = url;
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '' });
    const back = new URL(query.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '' }).toString();
    return back.href;
  }

  async function tokens(message: IncomingMessage): Promise<[number, object]> {
    const form = new URLSearchParams(await bodyOf(message));
    const right =
      form.get('client_id') === CLIENT.clientId && form.get('client_secret') === CLIENT.clientSecret;
    if (!right || message.headers.authorization) return [401, { error: 'invalid_client' }];
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code?.challenge !== challenge) return [400, { error: 'invalid_grant' }];
    const idToken = await new SignJWT({ ...claims, nonce: code.nonce })
      .setProtectedHeader({ alg: 'RS256', kid: KID, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(sub)
      .setAudience(CLIENT.clientId)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    return [200, { access_token: 'opaque', token_type: 'bearer', id_token: idToken }];
  }

  const server = createServer(async (message, response) => {
    const url = new URL(message.url ?? '', issuer);
    if (url.pathname === '/login') return response.writeHead(302, { location: login(url) }).end();
    const [status, body] =
      url.pathname === '/tokens'
        ? await tokens(message)
        : ([
            200,
            {
              '/.well-known/openid-configuration': document(),
              '/keys': { keys: [{ ...(await exportJWK(publicKey)), kid: KID, alg: 'RS256', use: 'sig' }] },
              '/me': { sub, ...claims },
            }[url.pathname] ?? {},
          ] as const);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ issuer, asked, client: CLIENT },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of message) body += String(chunk);
  return body;
}
