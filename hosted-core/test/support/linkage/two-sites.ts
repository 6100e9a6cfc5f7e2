import { hash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { withdrawSite } from '../../../src/cell/consent/withdraw-consent.ts';
import { createCoreFoundation } from '../../../src/core/core-foundation.ts';
import { Database } from '../../../src/database/database.ts';
import type { DevelopmentEnvironment } from '../../../src/development/development-environment.ts';
import { randomBase32 } from '../../../src/ids/random-ids.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { openOperator } from '../../../src/operator.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';
import { Browser } from '../browser.ts';
import { fieldOf, post } from '../house.ts';
import { type Dossier, newDossier, note, noteJwt } from './dossier.ts';
import { shuffled } from './measure-linkage.ts';

const ATTRIBUTES = ['profile:name', 'contact:email'];
/** People whose sign-in each site closes in on: every step is a request. */
const PROBED = 12;
/** Within so long both sites hear of an act that concerns both; there are far more acts in that time. */
const TELL_WITHIN_MS = 20_000;
const PURPOSE = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 90,
  texts: { en: { title: 'Deliver your order', description: 'To bring you what you ordered.' } },
};

interface Hook {
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A site that keeps everything it ever received. */
export class CuriousSite {
  readonly siteId: string;
  readonly #openid: openid.Configuration;
  readonly #callback: string;
  readonly #hooks: Hook[];
  readonly #stop: () => void;
  readonly #files = new Map<string, Dossier>();

  private constructor(parts: {
    siteId: string;
    openid: openid.Configuration;
    callback: string;
    hooks: Hook[];
    stop: () => void;
  }) {
    this.siteId = parts.siteId;
    this.#openid = parts.openid;
    this.#callback = parts.callback;
    this.#hooks = parts.hooks;
    this.#stop = parts.stop;
  }

  static async open({ settings }: DevelopmentEnvironment, siteId: string): Promise<CuriousSite> {
    const hooks: Hook[] = [];
    const server = createServer(async (request, response) => {
      const at = Date.now();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      hooks.push({ at, headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const callback = `http://localhost:${port}/callback`;
    const operator = openOperator(settings);
    const { secret } = await operator.registerSite({
      ...{ siteId, redirectUris: [callback], attributeScopes: ATTRIBUTES, purposes: [PURPOSE] },
    });
    await operator.addWebhookEndpoint({ siteId, url: `http://localhost:${port}/hook` });
    await operator.close();
    const config = await openid.discovery(new URL(settings.core.url), siteId, secret, undefined, {
      execute: [openid.allowInsecureRequests],
    });
    const stop = () => {
      server.close();
      server.closeAllConnections();
    };
    return new CuriousSite({ siteId, openid: config, callback, hooks, stop });
  }

  /** Signs somebody in who has this browser. @returns their user_ref here */
  async signIn(browser: Browser, login: string): Promise<string> {
    const verifier = openid.randomPKCECodeVerifier();
    const start = await openid.buildAuthorizationUrlWithPAR(this.#openid, {
      ...{ redirect_uri: this.#callback, state: 's', purpose: PURPOSE.purposeId },
      scope: ['openid', ...ATTRIBUTES].join(' '),
      ...{ code_challenge: await openid.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    let { url, response } = await browser.open(start.href, { stopAt: this.#callback });
    while (!url.href.startsWith(this.#callback)) {
      const html = await response.text();
      const answer = html.includes('name="login"')
        ? { login }
        : {
            ...{ csrf: fieldOf(html, 'csrf'), decision: 'share', attribute: ATTRIBUTES },
            duration: 'days_30',
          };
      ({ url, response } = await post(browser, { page: url, html, answer, stopAt: this.#callback }));
    }
    const checks = { pkceCodeVerifier: verifier, expectedState: 's' };
    const tokens = await openid.authorizationCodeGrant(this.#openid, url, checks);
    const userRef = tokens.claims()?.sub ?? '';
    const file = this.#fileOf(userRef);
    note(file, 'time of the sign-in', Date.now());
    note(file, 'callback', Object.fromEntries(url.searchParams));
    noteJwt(file, 'passport', tokens.id_token ?? '');
    note(file, 'tokens', { access: tokens.access_token, expiresIn: tokens.expires_in });
    const { status } = tokens.claims() as unknown as { status: { status_list: { uri: string } } };
    await this.lookAtStatus(userRef, status.status_list.uri);
    await this.#provoke(file, tokens.access_token, userRef);
    return userRef;
  }

  /** Everything about the list that the passport's status is in, at the moment at which the site looks. */
  async lookAtStatus(userRef: string, list: string): Promise<void> {
    const answer = await fetch(list);
    const body = await answer.text();
    const file = this.#fileOf(userRef);
    const { iat } = decodeJwt(body);
    const etag = answer.headers.get('etag');
    note(file, 'status list', { iat, etag, bytes: body.length, hash: hash('sha256', body, 'base64url') });
  }

  /**
   * Closes in on the second of the sign-in behind a browser's session, unseen: the smallest `max_age` that a
   * silent request gets through with.
   */
  async closeIn(browser: Browser): Promise<number> {
    let [refused, passed] = [-1, 7_200];
    while (passed - refused > 1) {
      const maxAge = Math.floor((refused + passed) / 2);
      const start = await openid.buildAuthorizationUrlWithPAR(this.#openid, {
        ...{ redirect_uri: this.#callback, state: 's', scope: 'openid', prompt: 'none' },
        max_age: String(maxAge),
        code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
        code_challenge_method: 'S256',
      });
      const { url } = await browser.open(start.href, { stopAt: this.#callback });
      if (url.searchParams.has('code')) passed = maxAge;
      else refused = maxAge;
    }
    return Math.floor(Date.now() / 1_000) - passed;
  }

  /** Refusals are answers too. */
  async #provoke(file: Dossier, accessToken: string, userRef: string): Promise<void> {
    const [cell] = this.#openid.serverMetadata().protected_resources as string[];
    const url = `${cell}/v1/attributes?names=contact:phone&purpose=${PURPOSE.purposeId}`;
    const refused = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
    note(file, 'refusal headers', Object.fromEntries(refused.headers));
    note(file, 'refusal', await refused.json());
    const site = await openid.clientCredentialsGrant(this.#openid, { resource: cell ?? '' });
    const listed = await fetch(`${cell}/v1/users/${userRef}/consents`, {
      headers: { authorization: `Bearer ${site.access_token}` },
    });
    note(file, 'consents headers', Object.fromEntries(listed.headers));
    note(file, 'consents', await listed.json());
  }

  /** The files about these users, with what webhooks brought. */
  files(userRefs: readonly string[]): Dossier[] {
    const counts = new Map<string, number>();
    for (const { at, headers, body } of this.#hooks) {
      const event = JSON.parse(body) as { type: string; data: { user_ref?: string } };
      const userRef = event.data.user_ref ?? '';
      const count = (counts.get(userRef) ?? 0) + 1;
      counts.set(userRef, count);
      const name = `webhook ${event.type}`;
      const { 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': signature } = headers;
      note(this.#fileOf(userRef), name, {
        at,
        event,
        id,
        sentAt: Number(sentAt),
        signature,
        length: body.length,
      });
    }
    return userRefs.map((userRef) => this.#fileOf(userRef));
  }

  /** Whether an event of this type has come about each of these users. */
  hasHeardOf(type: string, userRefs: readonly string[]): boolean {
    const heard = new Set(
      this.#hooks.filter((hook) => hook.body.includes(`"${type}"`)).map((hook) => userRefOf(hook)),
    );
    return userRefs.every((userRef) => heard.has(userRef));
  }

  stop(): void {
    this.#stop();
  }

  #fileOf(userRef: string): Dossier {
    const file = this.#files.get(userRef) ?? newDossier();
    this.#files.set(userRef, file);
    return file;
  }
}

function userRefOf({ body }: Hook): string {
  return (JSON.parse(body) as { data: { user_ref?: string } }).data.user_ref ?? '';
}

/** What two sites know of the same people, in the same order of people. */
export interface TwoFiles {
  readonly first: Dossier[];
  readonly second: Dossier[];
  /** What silent requests with a falling `max_age` told about some of them. */
  readonly silent: { readonly first: Dossier[]; readonly second: Dossier[] };
}

/**
 * People visit one site in an order of chance, then the other in another, in one session each, as people do;
 * then each of them withdraws at both, at times of chance; at last their values change, and they are erased, which
 * both sites hear of.
 */
export async function gatherFiles(environment: DevelopmentEnvironment): Promise<TwoFiles> {
  const people = environment.people.map(({ login }) => login);
  const sites = [
    await CuriousSite.open(environment, 'site-one'),
    await CuriousSite.open(environment, 'site-two'),
  ];
  const browsers = people.map(() => new Browser());
  const refs: string[][] = [];
  for (const site of sites) {
    const ofSite: string[] = [];
    for (const person of shuffled(people.length))
      ofSite[person] = await site.signIn(browsers[person] as Browser, people[person] as string);
    refs.push(ofSite);
  }
  const silent = await closeInOn(sites, browsers);
  await actOnAll(environment, sites, refs);
  const [first = [], second = []] = sites.map((site, index) => site.files(refs[index] ?? []));
  for (const site of sites) site.stop();
  return { first, second, silent };
}

/** Each site on its own finds out about some people when they signed in, in an order of chance. */
async function closeInOn(
  sites: readonly CuriousSite[],
  browsers: readonly Browser[],
): Promise<TwoFiles['silent']> {
  const found: Dossier[][] = [];
  for (const site of sites) {
    const ofSite: Dossier[] = [];
    for (const person of shuffled(Math.min(PROBED, browsers.length))) {
      const file = newDossier();
      note(file, 'sign-in by max_age', await site.closeIn(browsers[person] as Browser));
      ofSite[person] = file;
    }
    found.push(ofSite);
  }
  const [first = [], second = []] = found;
  return { first, second };
}

/** Every person at every site, one act at a time, the acts in an order of chance. */
async function actOnAll(
  { settings, adminDatabaseUrl }: DevelopmentEnvironment,
  sites: readonly CuriousSite[],
  refs: readonly (readonly string[])[],
): Promise<void> {
  const open = (connectionString: string) => new Database({ connectionString, applicationName: 'linkage' });
  const [admin, cell] = [open(adminDatabaseUrl), open(settings.cell.databaseUrl)];
  const { tenantId } = settings;
  const logger = createLogger({ level: 'silent' });
  const core = createCoreFoundation({
    ...{ databaseUrl: settings.core.databaseUrl, url: settings.core.url, tenantId, logger },
    ...{ secrets: SecretBox.fromKeyFile(settings.core.secretFile), outbound: settings.outbound },
    trustedProxies: [],
    tellWithinMs: TELL_WITHIN_MS,
  });
  const links = await admin.query<{ user_ref: string; subject_id: string }>(
    'select user_ref, subject_id from core.pairwise_links',
  );
  const subjects = new Map(links.map((one) => [one.user_ref, one.subject_id]));
  const acts = sites.flatMap(({ siteId }, site) =>
    (refs[site] ?? []).map((userRef) => ({ siteId, subjectId: subjects.get(userRef) ?? '' })),
  );
  const deps = { database: cell, core: core.gateway, now: () => new Date(), logger };
  for (const index of shuffled(acts.length)) {
    const act = acts[index];
    if (act) await withdrawSite(deps as never, { tenantId, ...act });
  }
  const heard = async (types: readonly string[]) => {
    for (const type of types)
      for (const [index, site] of sites.entries())
        for (let waits = 0; waits < 1_200 && !site.hasHeardOf(type, refs[index] ?? []); waits += 1)
          await sleep(50);
  };
  await heard(['consent.withdrawn', 'access.revoked']);
  const people = (refs[0] ?? []).map((userRef) => subjects.get(userRef) ?? '');
  const both = sites.map(({ siteId }) => ({ siteId, attributes: ATTRIBUTES }));
  for (const person of shuffled(people.length)) {
    const subjectId = people[person] as string;
    const eventId = `chg_${randomBase32(26)}`;
    await core.gateway.attributesChanged({ eventId, tenantId, subjectId, sites: both });
  }
  await heard(['attributes.changed']);
  for (const person of shuffled(people.length)) {
    const erasedAt = new Date();
    const request = { tenantId, subjectId: people[person] as string, requestId: `del_${randomBase32(26)}` };
    await core.gateway.subjectErased({ ...request, erasedAt, backupsUntil: erasedAt });
  }
  await heard(['subject.erased']);
  for (const database of [admin, cell, core.database]) await database.close();
}
