import * as client from 'openid-client';
import { setPreviewPatterns } from '../../src/core/sites/preview-registration.ts';
import { SiteRepository } from '../../src/core/sites/site-repository.ts';
import { PREVIEWED_SITE } from './preview-addresses.ts';
import { type startCore, TENANT } from './running-core.ts';

export type Core = Awaited<ReturnType<typeof startCore>>;

export const REGISTERED = 'https://shop.example/userref/callback';
export const PREVIEW = 'https://pr-123--shop.preview.example/userref/callback';
export const OTHER_PREVIEW = 'https://pr-124--shop.preview.example/userref/callback';
/** What the core says of an address that it does not take. */
export const NOT_REGISTERED = "redirect_uri did not match any of the client's registered redirect_uris";

export interface RegisteredSite {
  readonly config: client.Configuration;
  readonly siteId: string;
  readonly secret: string;
}

/** A site at the core, as {@link PREVIEWED_SITE} but for its patterns. */
export async function register(
  core: Core,
  siteId: string,
  previewPatterns: readonly string[],
): Promise<RegisteredSite> {
  const { redirectUris } = PREVIEWED_SITE;
  const postLogoutRedirectUris = ['https://shop.example/'];
  const { secret } = await core.registerSite({
    siteId,
    redirectUris,
    postLogoutRedirectUris,
    previewPatterns,
  });
  const execute = [client.allowInsecureRequests];
  const auth = client.ClientSecretBasic(secret);
  return {
    siteId,
    secret,
    config: await client.discovery(new URL(core.url), siteId, undefined, auth, { execute }),
  };
}

export function setPatterns(core: Core, siteId: string, patterns: readonly string[]) {
  const { database } = core.foundation;
  const sites = new SiteRepository(database);
  return setPreviewPatterns({ database, sites }, { tenantId: TENANT, siteId, patterns });
}

/** Pushes a request for an address. @returns the answer of the core, and what the exchange needs */
export async function push(core: Core, { siteId, secret }: RegisteredSite, redirectUri: string) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const answer = await fetch(`${core.url}/request`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${siteId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      ...{ client_id: siteId, response_type: 'code', scope: 'openid', redirect_uri: redirectUri, state },
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }),
  });
  const body = (await answer.json()) as { request_uri: string; error_description?: string };
  const url = new URL(`${core.url}/auth`);
  url.search = String(new URLSearchParams({ client_id: siteId, request_uri: body.request_uri }));
  return { status: answer.status, why: body.error_description, url, verifier, state };
}

export function portOf({ url }: Core): number {
  return Number(new URL(url).port);
}
