import { inflateSync } from 'node:zlib';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { hasBit } from '../../src/core/status-list/status-list.ts';
import { Browser } from './browser.ts';
import { startCore } from './running-core.ts';
import { ScriptedCell } from './scripted-cell.ts';
import { createTestDatabase } from './test-database.ts';

export interface RevokingShop {
  readonly siteId: string;
  readonly secret: string;
  readonly config: client.Configuration;
}

/** What these tests read of a passport. */
export interface RevocablePassport {
  readonly user_ref: string;
  readonly sid: string;
  readonly exp: number;
  readonly status: { readonly status_list: { readonly idx: number; readonly uri: string } };
}

/** A core with two sites where one person signs in, and what those sites do to end it. */
export async function startRevocationBench() {
  const database = await createTestDatabase();
  const cell = new ScriptedCell();
  const core = await startCore({ coreUrl: database.coreUrl, cell });
  let browser = new Browser();
  /** Somebody else's, or the same person's other one: nobody is signed in there. */
  const newBrowser = () => {
    browser = new Browser();
  };

  async function open(siteId: string): Promise<RevokingShop> {
    const { secret } = await core.registerSite({ siteId, redirectUris: [`http://localhost:9/${siteId}`] });
    const config = await client.discovery(new URL(core.url), siteId, secret, undefined, {
      execute: [client.allowInsecureRequests],
    });
    return { siteId, secret, config };
  }

  async function login({ config, siteId }: RevokingShop) {
    const callback = `http://localhost:9/${siteId}`;
    const verifier = client.randomPKCECodeVerifier();
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: callback,
      scope: 'openid',
      state: 's',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const back = (await browser.open(url.href, { stopAt: callback })).url;
    const checks = { pkceCodeVerifier: verifier, expectedState: 's' };
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    const passport = decodeJwt(tokens.id_token ?? '') as RevocablePassport;
    return { tokens, passport, userRef: passport.user_ref };
  }

  /** The bit of a passport in the published list, verified as anybody would. */
  async function isRevokedInList({ status }: RevocablePassport): Promise<boolean> {
    const { idx, uri } = status.status_list;
    const response = await fetch(uri);
    const keys = createRemoteJWKSet(new URL(`${core.url}/jwks`));
    const { payload } = await jwtVerify(await response.text(), keys, { typ: 'statuslist+jwt', subject: uri });
    const { lst } = payload.status_list as { lst: string };
    return hasBit(inflateSync(Buffer.from(lst, 'base64url')), idx);
  }

  async function eventsOf(userRef: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const rows = await database.admin.query<{ body: Buffer }>(
      'select body from core.webhook_events where user_ref = $1 order by created_at, event_id',
      [userRef],
    );
    return rows.map(({ body }) => JSON.parse(body.toString()));
  }

  return {
    database,
    core,
    cell,
    shopA: await open('shop-a'),
    shopB: await open('shop-b'),
    login,
    isRevokedInList,
    eventsOf,
    newBrowser,
    /** Nobody is signed in, and the cell has been told nothing. */
    renew() {
      Object.assign(cell, { revoked: [] });
      newBrowser();
    },
    revoke: (shop: RevokingShop, userRef: string, headers: Record<string, string> = basic(shop)) =>
      fetch(`${core.url}/v1/users/${userRef}/revoke`, { method: 'POST', headers }),
    isAlive: async ({ config }: RevokingShop, token: string) =>
      (await client.tokenIntrospection(config, token)).active,
    async close() {
      await core.close();
      await database.drop();
    },
  };
}

/** A site's own authentication. */
export function basic({ siteId, secret }: RevokingShop) {
  return { authorization: `Basic ${Buffer.from(`${siteId}:${secret}`).toString('base64')}` };
}
