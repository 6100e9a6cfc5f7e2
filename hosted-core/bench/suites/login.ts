import { randomBytes } from 'node:crypto';
import { samplePeople } from '../../test/support/sample-people.ts';
import { freePorts } from '../children/free-ports.ts';
import { startChild } from '../children/start-child.ts';
import { type SignedIn, SiteLogin, signIn } from '../client/site-login.ts';
import { type Figure, type FigureDefinition, sideOf } from '../figures.ts';
import { interleave, ratioOf } from '../measure/interleave.ts';
import type { Contender } from '../measure/load.ts';
import type { SuiteContext } from '../settings.ts';
import { CALLBACK, CORE_SESSION, startCore } from './start-core.ts';

const USERS = 8;
const SITE = 'bench-shop';

const DEFINITION: FigureDefinition = {
  name: 'login_over_bare_provider',
  unit: 'ratio',
  meaning: 'complete logins with a live session ÷ the same at a bare oidc-provider with a Map adapter',
};

export async function loginSuite(context: SuiteContext): Promise<Figure[]> {
  const people = samplePeople(USERS).map(({ login }) => login);
  const ours = await startOurs(context);
  const bare = await startBare(context, ours.target.resource);
  context.note('signing people in on both sides');
  const contenders = [await contender(ours, people, CORE_SESSION), await contender(bare, people, '_session')];
  context.note('measuring logins');
  const [own = [], theirs = []] = await interleave(contenders, {
    ...context.pace,
    users: USERS,
    signal: context.signal,
  });
  return [
    {
      definition: DEFINITION,
      ...ratioOf(own, theirs),
      ours: sideOf('Userref', own),
      base: sideOf('bare provider', theirs),
    },
  ];
}

async function startOurs(context: SuiteContext): Promise<SiteLogin> {
  const sites = [{ siteId: SITE, redirectUri: CALLBACK }];
  const core = await startCore(context, { people: samplePeople(USERS), sites });
  const secret = core.secrets[SITE] ?? '';
  return discover(context, { issuer: core.issuer, secret, resource: core.cell });
}

async function startBare(context: SuiteContext, resource: string): Promise<SiteLogin> {
  const [port = 0] = await freePorts(1);
  const secret = randomBytes(32).toString('base64url');
  const config = { port, clientId: SITE, clientSecret: secret, redirectUri: CALLBACK, resource };
  const { issuer } = await startChild<{ issuer: string }>(context, { file: 'bare-provider.ts', config });
  return discover(context, { issuer, secret, resource });
}

async function discover(
  context: SuiteContext,
  target: { issuer: string; secret: string; resource: string },
): Promise<SiteLogin> {
  const site = await SiteLogin.discover({ ...target, siteId: SITE, redirectUri: CALLBACK }, USERS);
  context.defer(() => site.close());
  return site;
}

async function contender(site: SiteLogin, people: string[], sessionCookie: string): Promise<Contender> {
  const sessions: SignedIn[] = [];
  for (const login of people) {
    const extra = { login_hint: login };
    sessions.push(await signIn(site, { login }, { sessionCookie, extra }));
  }
  const browsers = sessions.map(({ cookies }) => site.asBrowser(cookies));
  return {
    name: site.target.issuer,
    async work(user) {
      const browser = browsers[user];
      if (browser) await site.login(browser);
    },
  };
}
