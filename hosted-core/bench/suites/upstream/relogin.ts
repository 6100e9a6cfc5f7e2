import { upstreamAddresses } from '../../../src/cell/pages/cell-pages.ts';
import { createDevelopmentSignIn } from '../../../src/development-sign-in/development-sign-in.ts';
import { Browser } from '../../../test/support/browser.ts';
import { openAtLogto } from '../../../test/support/fake-logto/logto-visit.ts';
import { freePorts } from '../../children/free-ports.ts';
import type { Figure } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { cpuSeconds } from './process-figures.ts';
import type { Stage } from './stage.ts';

const LOGINS = 25;

interface Side {
  readonly pid: number;
  readonly relogin: () => Promise<void>;
}

/** CPU time of our process for a sign-in that the upstream grants by itself: Logto ÷ development sign-in. */
export async function reloginFigure(context: SuiteContext, stage: Stage): Promise<Figure> {
  const { cellUrl } = await stage.database('relogin');
  const sides = [await atLogto(stage, cellUrl), await atDevelopmentSignIn(context, stage, cellUrl)];
  context.note('re-logins, in turns');
  const spent = sides.map((): number[] => []);
  for (let round = -1; round < context.pace.slices; round += 1) {
    const order = sides.map((side, index) => ({ side, index }));
    if (round % 2 === 1) order.reverse();
    for (const { side, index } of order) {
      context.signal.throwIfAborted();
      const before = cpuSeconds(side.pid);
      for (let login = 0; login < LOGINS; login += 1) await side.relogin();
      // The round before the first warms up.
      if (round >= 0) spent[index]?.push(((cpuSeconds(side.pid) - before) / LOGINS) * 1000);
    }
  }
  const [logto = [], dev = []] = spent;
  const ratios = logto.map((own, round) => own / (dev[round] ?? Number.NaN));
  const side = (name: string, values: number[]) => ({
    ...{ name, p50: median(values), p99: quantile(values, 0.99) },
  });
  return {
    definition: {
      name: 'relogin_logto_over_dev_cpu',
      unit: 'ratio',
      meaning: 'CPU time of the cell for a re-login at Logto ÷ the same at the development sign-in',
    },
    ...{ value: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) },
    ...{ ours: side('Logto', logto), base: side('development sign-in', dev) },
    details: [`milliseconds of CPU a login; ${LOGINS} logins a round, ${context.pace.slices} rounds`],
  };
}

async function atLogto(stage: Stage, databaseUrl: string): Promise<Side> {
  const registered = await stage.register();
  stage.logto.state.addUser('amber', { name: 'Sample Person', primaryEmail: 'amber@example.test' });
  const cell = await stage.startCell({ databaseUrl, jobs: false, ...registered });
  const first = new Browser();
  await openAtLogto(first, stage.logto, { url: `${cell.url}/account`, username: 'amber', stopAt: 'never' });
  return { pid: cell.pid, relogin: () => relogin(first, cell.url) };
}

async function atDevelopmentSignIn(context: SuiteContext, stage: Stage, databaseUrl: string): Promise<Side> {
  const [port = 0, signInPort = 0] = await freePorts(2);
  const { redirectUri, postLogoutRedirectUri } = upstreamAddresses(`http://localhost:${port}`);
  const client = { clientId: 'bench', clientSecret: 'bench-secret-of-the-development-sign-in' };
  const signIn = await createDevelopmentSignIn({
    ...{ port: signInPort, nodeEnv: 'test' },
    client: { ...client, redirectUris: [redirectUri], postLogoutRedirectUris: [postLogoutRedirectUri] },
  });
  context.defer(() => signIn.close());
  const upstream = { issuer: signIn.url, ...client, preset: 'generic' } as const;
  const cell = await stage.startCell({ databaseUrl, port, upstream, jobs: false });
  const browser = new Browser();
  const form = await browser.open(`${cell.url}/account`);
  const body = new URLSearchParams({ login: 'amber' });
  const answer = await browser.fetch(form.url, { method: 'POST', body });
  await browser.open(new URL(answer.headers.get('location') ?? '', form.url).href);
  return { pid: cell.pid, relogin: () => relogin(browser, cell.url) };
}

/** As somebody whose session here is over, and there is not. */
async function relogin(browser: Browser, cellUrl: string): Promise<void> {
  browser.forget('userref_account');
  const { url, response } = await browser.open(`${cellUrl}/account`, { stopAt: `${cellUrl}/account?` });
  await response.arrayBuffer();
  if (url.pathname !== '/account') throw new Error(`a re-login ended at ${url.origin}${url.pathname}`);
}
