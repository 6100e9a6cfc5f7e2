import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { startLaravelShop } from '@userref/example-laravel-shop';
import { type PhpSite, type PhpSiteOptions, startPhpShop } from '@userref/example-php-shop';
import { Browser } from '../../../test/support/browser.ts';
import { samplePeople } from '../../../test/support/sample-people.ts';
import { freePorts } from '../../children/free-ports.ts';
import { visit } from '../../client/page-visitor.ts';
import type { Figure, FigureDefinition } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { startCore, temporaryFolder } from '../start-core.ts';

const DEFINITION: FigureDefinition = {
  name: 'bridge_calls_per_page_view',
  unit: 'count',
  aim: { atMost: 0 },
  meaning:
    'calls that reach the bridge ÷ pages that a signed-in visitor opens, at the PHP shop and the Laravel shop',
};

/** Pages that show who is there and nothing that has to be fetched. */
const PAGES = ['/', '/orders', '/live'];
const SHOPS = [
  { site: 'bench-php-shop', start: startPhpShop },
  { site: 'bench-laravel-shop', start: startLaravelShop },
] as const;

interface CountedShop {
  readonly site: string;
  readonly url: string;
  /** Calls that its bridge has answered so far. */
  readonly calls: () => number;
}

/** Counted by the bridges' own logs. */
export async function pageViewFigures(context: SuiteContext): Promise<Figure[]> {
  const people = samplePeople(1);
  const ports = await freePorts(SHOPS.length);
  const sites = SHOPS.map(({ site }, index) => ({
    siteId: site,
    redirectUri: `http://localhost:${ports[index]}/userref/callback`,
  }));
  const core = await startCore(context, { people, sites });
  const login = people[0]?.login ?? '';
  const perPage: number[] = [];
  const details: string[] = [];
  for (const [index, { site, start }] of SHOPS.entries()) {
    const options = {
      ...{ site, port: ports[index] ?? 0, issuer: core.issuer, siteSecret: core.secrets[site] ?? '' },
      ...{ dataDir: temporaryFolder(context), pollSeconds: 3600 },
      ...{ sessionSecret: secret(), webhookSecret: `whsec_${randomBytes(32).toString('base64')}` },
    };
    const shop = await startCounted(context, { options, start });
    const { pages, calls, callsOfLogin } = await count(shop, { login, rounds: context.pace.counted });
    perPage.push(calls / pages);
    details.push(`${site}: ${calls} calls for ${pages} pages, ${callsOfLogin} for the login before`);
  }
  const [low, high] = [Math.min(...perPage), Math.max(...perPage)];
  const ours = { name: 'page view', p50: median(perPage), p99: quantile(perPage, 0.99) };
  return [{ definition: DEFINITION, value: high, low, high, ours, details }];
}

async function startCounted(
  context: SuiteContext,
  { options, start }: { options: PhpSiteOptions; start: (options: PhpSiteOptions) => Promise<PhpSite> },
): Promise<CountedShop> {
  const bridgeLog = new PassThrough();
  let calls = 0;
  bridgeLog.on('data', (chunk: Buffer) => {
    calls += chunk.toString('utf8').split('"msg":"answered"').length - 1;
  });
  context.note(`starting ${options.site}`);
  const { url, stop } = await start({ ...options, bridgeLog });
  context.defer(stop);
  return { site: options.site, url, calls: () => calls };
}

async function count(
  shop: CountedShop,
  { login, rounds }: { login: string; rounds: number },
): Promise<{ pages: number; calls: number; callsOfLogin: number }> {
  const browser = new Browser();
  await visit(browser, `${shop.url}/userref/login`, { login });
  const callsOfLogin = shop.calls();
  // Also shows that calls are counted.
  if (callsOfLogin < 2) throw new Error(`a login at ${shop.site} was ${callsOfLogin} calls to the bridge`);
  let pages = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const path of PAGES) {
      const answer = await browser.fetch(`${shop.url}${path}`);
      const isKnown = /data-user-ref="ppid_|"signed_in":true/.test(await answer.text());
      if (!answer.ok || !isKnown) throw new Error(`${shop.site} knew nobody at ${path}`);
      pages += 1;
    }
  }
  return { pages, calls: shop.calls() - callsOfLogin, callsOfLogin };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
