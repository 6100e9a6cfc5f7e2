import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  type AccountClaims,
  type ClientMetadata,
  type Configuration,
  type JWK,
  Provider,
} from 'oidc-provider';
import { createMemoryAdapter } from './memory-adapter.ts';
import type { SamplePerson } from './sample-people.ts';
import { signedOutPage, signInErrorPage, signOutPage } from './sign-in-pages.ts';

/** The one client that may use the development sign-in: the cell, as it is registered with Logto. */
export interface DevelopmentClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
}

export interface DevelopmentProviderOptions {
  readonly issuer: string;
  readonly client: DevelopmentClient;
  readonly people: readonly SamplePerson[];
}

const SCOPES = ['openid', 'profile', 'email', 'phone', 'address'];

/** An OpenID provider with its state in memory and a new signing key at each start; speaks as Logto does. */
export function createDevelopmentProvider(options: DevelopmentProviderOptions): Provider {
  return new Provider(options.issuer, configuration(options));
}

function configuration({ client, people }: DevelopmentProviderOptions): Configuration {
  return {
    adapter: createMemoryAdapter(),
    jwks: { keys: [newSigningKey()] },
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: {
        session: 'devsignin_session',
        interaction: 'devsignin_interaction',
        resume: 'devsignin_resume',
      },
      long: { signed: true, sameSite: 'lax', httpOnly: true },
      short: { signed: true, sameSite: 'lax', httpOnly: true },
    },
    clients: [registrationOf(client)],
    subjectTypes: ['public'],
    responseTypes: ['code'],
    scopes: SCOPES,
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'birthdate', 'locale'],
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
      address: ['address'],
    },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    ttl: {
      AccessToken: () => 300,
      AuthorizationCode: 60,
      IdToken: 300,
      Interaction: 3600,
      Session: 86_400,
      Grant: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = signedOutPage();
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    async findAccount(_ctx, sub) {
      const person = people.find((candidate) => candidate.sub === sub);
      return person && { accountId: sub, claims: async () => claimsOf(person) };
    },
    // The client is first-party, so nobody is asked about it: a silent consent, as in Logto.
    async loadExistingGrant(ctx) {
      const { client: known, session, provider } = ctx.oidc;
      if (!known || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: known.clientId, accountId: session.accountId });
      grant.addOIDCScope(SCOPES.join(' '));
      await grant.save();
      return grant;
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = signInErrorPage(out.error);
    },
  };
}

function registrationOf(client: DevelopmentClient): ClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
}

function claimsOf({ login: _login, ...claims }: SamplePerson): AccountClaims {
  return { ...claims, email_verified: true, phone_number_verified: true };
}

function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomBytes(8).toString('hex');
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid } as JWK;
}
