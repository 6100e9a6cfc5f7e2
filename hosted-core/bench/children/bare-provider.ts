import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { createMapAdapter } from './map-adapter.ts';
import { type Serving, serve } from './serve.ts';

export interface BareProviderConfig {
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  readonly resource: string;
}

/** The engine alone, with the same protocol settings as ours: PAR, PKCE, pairwise, ES256, opaque tokens. */
serve(async (config: BareProviderConfig): Promise<Serving<{ issuer: string }>> => {
  const issuer = `http://localhost:${config.port}`;
  const provider = new Provider(issuer, await configuration(config));
  provider.use(signInAsHinted(provider));
  const server = createServer(provider.callback());
  await new Promise<void>((done) => server.listen(config.port, '127.0.0.1', done));
  return {
    ready: { issuer },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
});

async function configuration(config: BareProviderConfig): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const pairwiseKey = randomBytes(32);
  return {
    adapter: createMapAdapter() as never,
    clients: [
      {
        client_id: config.clientId,
        client_secret: config.clientSecret,
        redirect_uris: [config.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        subject_type: 'pairwise',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'one' } as never] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, accountId, client) =>
      createHmac('sha256', pairwiseKey).update(`${client.clientId}/${accountId}`).digest('base64url'),
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: givenGrant,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, _client, code) => code.scopes.has('offline_access'),
    responseTypes: ['code'],
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: config.resource,
          accessTokenFormat: 'opaque',
          accessTokenTTL: 8 * 3600,
        }),
      },
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      Session: 86_400,
    },
  };
}

/** Like ours, a login asks for nothing beyond itself. */
async function givenGrant(ctx: KoaContextWithOIDC) {
  const { client, session, account, provider } = ctx.oidc;
  if (!client || !session || !account) return undefined;
  const known = session.grantIdFor(client.clientId);
  const found = known ? await provider.Grant.find(known) : undefined;
  if (found) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function signInAsHinted(provider: Provider) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { params } = await provider.interactionDetails(ctx.req, ctx.res);
    const accountId = String(params.login_hint);
    const url = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId } });
    ctx.redirect(url);
  };
}
