import pg from 'pg';
import { samplePeople } from '../../test/support/sample-people.ts';
import { ATTRIBUTES, PURPOSE } from '../children/contract.ts';
import { freePorts } from '../children/free-ports.ts';
import { startChild } from '../children/start-child.ts';
import { HttpClient } from '../client/http-client.ts';
import { SiteLogin, signIn } from '../client/site-login.ts';
import { type Figure, type FigureDefinition, sideOf } from '../figures.ts';
import { interleave, ratioOf } from '../measure/interleave.ts';
import type { Contender } from '../measure/load.ts';
import type { SuiteContext } from '../settings.ts';
import { CALLBACK, CORE_SESSION, startCore } from './start-core.ts';

/** As many on both sides; as in the suite vault. */
const USERS = 64;
const SITE = 'bench-shop';

const DEFINITION: FigureDefinition = {
  name: 'release_http_over_select_route',
  unit: 'ratio',
  aim: { atLeast: 0.5 },
  meaning: 'five attributes with token, consent, decryption and audit ÷ a route with one SELECT by key',
};

export async function releaseSuite(context: SuiteContext): Promise<Figure[]> {
  const people = samplePeople(USERS);
  const core = await startCore(context, { people, sites: [{ siteId: SITE, redirectUri: CALLBACK }] });
  context.note('signing people in, and letting them share five attributes');
  const target = {
    issuer: core.issuer,
    siteId: SITE,
    secret: core.secrets[SITE] ?? '',
    redirectUri: CALLBACK,
  };
  const site = await SiteLogin.discover({ ...target, resource: core.cell }, 2);
  context.defer(() => site.close());
  const tokens: string[] = [];
  for (const { login } of people) {
    const extra = {
      scope: ['openid', ...ATTRIBUTES].join(' '),
      purpose: PURPOSE.purposeId,
      prompt: 'consent',
    };
    const visitor = { login, shares: ATTRIBUTES };
    tokens.push((await signIn(site, visitor, { sessionCookie: CORE_SESSION, extra })).tokens.access_token);
  }
  const route = await startSelectRoute(context, core.adminDatabaseUrl);
  const contenders = [release(context, core.cell, tokens), selectRoute(context, route.url)];
  context.note('measuring the release of attributes');
  const [ours = [], theirs = []] = await interleave(contenders, {
    ...context.pace,
    users: USERS,
    signal: context.signal,
  });
  return [
    {
      definition: DEFINITION,
      ...ratioOf(ours, theirs),
      ours: sideOf('release', ours),
      base: sideOf('SELECT route', theirs),
    },
  ];
}

/** The same PostgreSQL server, a database of its own. */
async function startSelectRoute(context: SuiteContext, adminDatabaseUrl: string) {
  const admin = new pg.Client({ connectionString: adminDatabaseUrl });
  await admin.connect();
  await admin.query('create database bench');
  await admin.end();
  const databaseUrl = new URL(adminDatabaseUrl);
  databaseUrl.pathname = '/bench';
  const [port = 0] = await freePorts(1);
  const config = { databaseUrl: databaseUrl.href, port };
  return startChild<{ url: string }>(context, { file: 'select-route.ts', config });
}

function release(context: SuiteContext, cell: string, tokens: readonly string[]): Contender {
  const http = new HttpClient(cell, USERS);
  context.defer(() => http.close());
  const path = `/v1/attributes?names=${ATTRIBUTES.join(',')}&purpose=${PURPOSE.purposeId}`;
  return {
    name: 'release',
    async work(user) {
      const answer = await http.send({ path, headers: { authorization: `Bearer ${tokens[user]}` } });
      if (answer.status !== 200 || !answer.body.includes(`Sample Person ${user}"`)) {
        throw new Error(`the release answered ${answer.status}`);
      }
    },
  };
}

function selectRoute(context: SuiteContext, url: string): Contender {
  const http = new HttpClient(url, USERS);
  context.defer(() => http.close());
  return {
    name: 'SELECT route',
    async work(user) {
      const answer = await http.send({ path: `/people/person-${user}` });
      if (answer.status !== 200 || !answer.body.includes(`Sample Person ${user}"`)) {
        throw new Error(`the SELECT route answered ${answer.status}`);
      }
    },
  };
}
