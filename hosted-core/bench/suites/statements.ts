import { setTimeout } from 'node:timers/promises';
import { samplePeople } from '../../test/support/sample-people.ts';
import { type SignedIn, SiteLogin, signIn } from '../client/site-login.ts';
import type { Figure, FigureDefinition } from '../figures.ts';
import { StatementCounter } from '../measure/statement-counter.ts';
import { median, quantile } from '../measure/statistics.ts';
import type { SuiteContext } from '../settings.ts';
import { CALLBACK, CORE_SESSION, startCore } from './start-core.ts';

const SITE = 'bench-shop';
/** Longer than the core keeps a site in memory, shorter than it keeps its signing keys. */
const PAUSE_MS = 5_500;
const PAUSES = 3;

const definition = (name: string, atMost: number, meaning: string): FigureDefinition => ({
  name,
  unit: 'statements',
  aim: { atMost },
  meaning,
});
const RELOGIN = definition('sql_per_relogin', 10, 'PAR + authorize + exchange (real Logto, without PAR: 22)');
const AFTER_PAUSE = definition(
  'sql_per_relogin_after_pause',
  10,
  'the same when the site was not heard of for longer than the core remembers it (5 s)',
);
const REFRESH = definition('sql_per_refresh', 3, 'one use of a refresh token, rotated (real Logto: 12)');
const INTROSPECTION = definition('sql_per_introspection', 1, 'one introspection (real Logto: 8)');

export async function statementsSuite(context: SuiteContext): Promise<Figure[]> {
  const people = samplePeople(1);
  const core = await startCore(context, { people, sites: [{ siteId: SITE, redirectUri: CALLBACK }] });
  const target = {
    issuer: core.issuer,
    siteId: SITE,
    secret: core.secrets[SITE] ?? '',
    redirectUri: CALLBACK,
  };
  const site = await SiteLogin.discover({ ...target, resource: core.cell }, 2);
  context.defer(() => site.close());
  const session = await signIn(
    site,
    { login: people[0]?.login ?? '' },
    { sessionCookie: CORE_SESSION, extra: { scope: 'openid offline_access', prompt: 'consent' } },
  );
  const counter = await StatementCounter.start(core.adminDatabaseUrl, core.serverLog);
  context.defer(() => counter.stop());
  context.note('counting statements');
  return countAll(context, { site, session, counter });
}

type Work = readonly [FigureDefinition, () => Promise<void>];

interface Setting {
  readonly site: SiteLogin;
  readonly session: SignedIn;
  readonly counter: StatementCounter;
}

async function countAll(context: SuiteContext, { site, session, counter }: Setting): Promise<Figure[]> {
  const browser = site.asBrowser(session.cookies);
  let { refresh_token: refreshToken = '' } = session.tokens;
  const works: [Work, ...Work[]] = [
    [RELOGIN, async () => void (await site.login(browser))],
    [
      REFRESH,
      async () => {
        refreshToken = (await site.refresh(refreshToken)).refresh_token ?? '';
      },
    ],
    [INTROSPECTION, () => site.introspect(session.tokens.access_token)],
  ];
  const figures: Figure[] = [];
  for (const [kind, work] of works) {
    await work();
    const units = await counter.count(context.pace.counted, () => {
      context.signal.throwIfAborted();
      return work();
    });
    figures.push(toFigure(kind, units));
  }
  figures.splice(1, 0, toFigure(AFTER_PAUSE, await countAfterPauses(context, counter, works[0][1])));
  return figures;
}

async function countAfterPauses(
  context: SuiteContext,
  counter: StatementCounter,
  work: () => Promise<void>,
): Promise<string[][]> {
  context.note('counting statements after pauses');
  const units: string[][] = [];
  for (let pause = 0; pause < PAUSES; pause += 1) {
    await setTimeout(PAUSE_MS, undefined, { signal: context.signal });
    units.push(...(await counter.count(1, work)));
  }
  return units;
}

function toFigure(kind: FigureDefinition, units: readonly string[][]): Figure {
  const counts = units.map((unit) => unit.length);
  const value = median(counts);
  const typical = units.find((unit) => unit.length === Math.round(value)) ?? [];
  return {
    definition: kind,
    value,
    low: quantile(counts, 0.25),
    high: quantile(counts, 0.75),
    ours: { name: 'Userref', p50: value, p99: quantile(counts, 0.99) },
    details: typical.map((text) => (text.length > 150 ? `${text.slice(0, 149)}…` : text)),
  };
}
