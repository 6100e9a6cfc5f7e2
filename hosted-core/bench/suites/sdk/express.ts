import { randomBytes } from 'node:crypto';
import { Browser } from '../../../test/support/browser.ts';
import { samplePeople } from '../../../test/support/sample-people.ts';
import type { RunningCore } from '../../children/core.ts';
import type { ExpressAppConfig } from '../../children/express-app.ts';
import { freePorts } from '../../children/free-ports.ts';
import { startChild } from '../../children/start-child.ts';
import { HttpClient } from '../../client/http-client.ts';
import { visit } from '../../client/page-visitor.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave, ratioOf } from '../../measure/interleave.ts';
import type { Contender, Slice } from '../../measure/load.ts';
import type { SuiteContext } from '../../settings.ts';
import { startCore } from '../start-core.ts';
import { manyCookies } from './session-cookies.ts';

const USERS = 16;
const KINDS = ['userref', 'bare', 'express-openid-connect'] as const;
type Kind = ExpressAppConfig['kind'];

const OVER_BARE: FigureDefinition = {
  name: 'express_session_over_bare',
  unit: 'ratio',
  aim: { atLeast: 0.85 },
  meaning: 'an Express page that knows its signed-in visitor by our SDK ÷ the same page without a session',
};
const OVER_PEER: FigureDefinition = {
  name: 'express_session_over_express_openid_connect',
  unit: 'ratio',
  aim: { atLeast: 2 },
  meaning: 'the same page ÷ the same page by express-openid-connect with its own session cookie',
};

const UNCACHED_OVER_BARE: FigureDefinition = {
  name: 'express_session_uncached_over_bare',
  unit: 'ratio',
  meaning: 'as express_session_over_bare, when every request brings a cookie that the SDK has to open anew',
};
const UNCACHED_OVER_PEER: FigureDefinition = {
  name: 'express_session_uncached_over_express_openid_connect',
  unit: 'ratio',
  aim: { atLeast: 1 },
  meaning: 'the same against express-openid-connect, which opens its cookie at every request',
};

/** How a visitor signs in there, and the name of the cookie that says so afterwards. */
const LOGINS: Record<Exclude<Kind, 'bare'>, { path: string; callback: string; cookie: RegExp }> = {
  userref: { path: '/userref/login', callback: '/userref/callback', cookie: /^userref_bench-userref\|/ },
  'express-openid-connect': { path: '/login', callback: '/callback', cookie: /^appSession\|/ },
};

/** Pages of Express that know their visitor. */
export async function expressFigures(context: SuiteContext): Promise<Figure[]> {
  const [crowdPort = 0, ...rest] = await freePorts(KINDS.length + 1);
  const ports = Object.fromEntries(KINDS.map((kind, index) => [kind, rest[index]])) as Record<Kind, number>;
  const sites = (['userref', 'express-openid-connect'] as const).map((kind) => ({
    siteId: siteOf(kind),
    redirectUri: `http://localhost:${ports[kind]}${LOGINS[kind].callback}`,
  }));
  const people = samplePeople(1);
  const core = await startCore(context, { people, sites });
  const contenders: Contender[] = [];
  for (const kind of KINDS) {
    const config = appConfig(core, { kind, port: ports[kind] });
    const url = await startApp(context, config);
    const cookie = kind === 'bare' ? '' : await signInAt(url, kind, people[0]?.login ?? '');
    contenders.push(page(context, { kind, url, cookies: [cookie] }));
    if (kind !== 'userref') continue;
    // Another process of the same site: the garbage of a crowd is not cleared away while the known visitor is measured.
    const crowdUrl = await startApp(context, { ...config, port: crowdPort });
    contenders.push(page(context, { kind, url: crowdUrl, cookies: await manyCookies(config, cookie) }));
  }
  context.note('measuring Express pages');
  const slices = await interleave(contenders, { ...context.pace, users: USERS, signal: context.signal });
  return figuresOf(slices);
}

function figuresOf([cached = [], uncached = [], bare = [], peer = []]: readonly Slice[][]): Figure[] {
  const ours = sideOf('sdk-express', cached);
  const oursUncached = sideOf('sdk-express, new cookies', uncached);
  const bareSide = sideOf('bare Express', bare);
  const peerSide = sideOf('express-openid-connect', peer);
  return [
    { definition: OVER_BARE, ...ratioOf(cached, bare), ours, base: bareSide },
    { definition: OVER_PEER, ...ratioOf(cached, peer), ours, base: peerSide },
    { definition: UNCACHED_OVER_BARE, ...ratioOf(uncached, bare), ours: oursUncached, base: bareSide },
    { definition: UNCACHED_OVER_PEER, ...ratioOf(uncached, peer), ours: oursUncached, base: peerSide },
  ];
}

function siteOf(kind: Kind): string {
  return `bench-${kind}`;
}

function appConfig(core: RunningCore, { kind, port }: { kind: Kind; port: number }): ExpressAppConfig {
  return {
    kind,
    port,
    issuer: core.issuer,
    site: siteOf(kind),
    siteSecret: core.secrets[siteOf(kind)] ?? '',
    sessionSecret: randomBytes(32).toString('base64url'),
  };
}

async function startApp(context: SuiteContext, config: ExpressAppConfig): Promise<string> {
  // Express keeps its settings in memory only in production.
  const environment = { NODE_ENV: 'production' };
  return (await startChild<{ url: string }>(context, { file: 'express-app.ts', config, environment })).url;
}

/** A real login at our core; what the app sets is what its visitors send from then on. */
async function signInAt(url: string, kind: Exclude<Kind, 'bare'>, login: string): Promise<string> {
  const browser = new Browser();
  await visit(browser, `${url}${LOGINS[kind].path}`, { login });
  const cookies = [...browser.cookies]
    .filter(([key]) => LOGINS[kind].cookie.test(key))
    .map(([key, { value }]) => `${key.split('|')[0]}=${value}`);
  if (cookies.length === 0) throw new Error(`no session after a login by ${kind}`);
  return cookies.join('; ');
}

interface PageOptions {
  readonly kind: Kind;
  readonly url: string;
  /** Sent in turns, one a request. */
  readonly cookies: readonly string[];
}

function page(context: SuiteContext, { kind, url, cookies }: PageOptions): Contender {
  const http = new HttpClient(url, USERS);
  context.defer(() => http.close());
  const expected = kind === 'bare' ? '{"user":"somebody"}' : '{"user":"ppid_';
  let turn = 0;
  return {
    name: kind,
    async work() {
      turn = (turn + 1) % cookies.length;
      const cookie = cookies[turn];
      const answer = await http.send({ path: '/', ...(cookie && { headers: { cookie } }) });
      if (answer.status !== 200 || !answer.body.startsWith(expected)) {
        throw new Error(`the page by ${kind} answered ${answer.status} and knew nobody`);
      }
    },
  };
}
