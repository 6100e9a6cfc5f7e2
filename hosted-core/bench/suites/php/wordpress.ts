import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  missingPrograms,
  startWordPressSite,
  type WordPressOptions,
  type WordPressSite,
} from '@userref/example-wordpress-site';
import { Browser } from '../../../test/support/browser.ts';
import { samplePeople } from '../../../test/support/sample-people.ts';
import { freePorts } from '../../children/free-ports.ts';
import { HttpClient } from '../../client/http-client.ts';
import { visit } from '../../client/page-visitor.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Contender, Slice } from '../../measure/load.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { startCore, temporaryFolder } from '../start-core.ts';

const SITE = 'bench-wordpress';
/** A post with WordPress's own theme. */
const PAGE = '/hello-world/';

const DEFINITION: FigureDefinition = {
  name: 'wordpress_page_with_over_without',
  unit: 'ratio',
  aim: { atMost: 1.05 },
  meaning:
    'p50 of a WordPress page for a member who signed in by Userref ÷ the same page without the plug-in, for a signed-in subscriber',
};

/** As people run it: WordPress writes no debug log. */
const PRODUCTION = { WP_DEBUG: false };

/** A subscriber with a password, whose cookie is made as WordPress makes it; as a member, without the admin bar. */
const SUBSCRIBER = `$id = wp_insert_user(['user_login' => 'subscriber', 'user_pass' => wp_generate_password(),
    'role' => 'subscriber', 'show_admin_bar_front' => 'false']);
$until = time() + 3600;
$token = WP_Session_Tokens::get_instance($id)->create($until);
echo LOGGED_IN_COOKIE . '=' . rawurlencode(wp_generate_auth_cookie($id, $until, 'logged_in', $token));`;

/** What the plug-in costs the pages of who is signed in. No figure where Debian's WordPress or MariaDB is missing. */
export async function wordPressFigures(context: SuiteContext): Promise<Figure[]> {
  const missing = missingPrograms();
  if (missing !== undefined) {
    context.note(`no figure of WordPress: ${missing}`);
    return [];
  }
  const folder = temporaryFolder(context);
  context.note('starting two WordPresses');
  const without = await startSite(context, { dataDir: join(folder, 'without') });
  const subscriber = await without.evaluate(SUBSCRIBER);
  const { site, cookie } = await siteWithPlugin(context, join(folder, 'with'));
  const contenders = [
    page(context, { name: 'with the plug-in', site, cookie }),
    page(context, { name: 'without', site: without, cookie: subscriber }),
  ] as const;
  context.note('measuring pages of WordPress');
  const { slices, sliceMs, warmUpMs } = context.pace;
  // A page takes long and the difference is small: more turns, and shorter ones.
  const options = { warmUpMs, slices: slices * 2, sliceMs: sliceMs / 2, users: 1, signal: context.signal };
  const [ours = [], base = []] = await interleave(contenders, options);
  const statements = [
    await statementsAPage(site, contenders[0]),
    await statementsAPage(without, contenders[1]),
  ];
  return [
    {
      definition: DEFINITION,
      ...ratioOfMedians(ours, base),
      ours: sideOf(contenders[0].name, ours),
      base: sideOf(contenders[1].name, base),
      details: [`statements to MariaDB a page: ${statements.join(' against ')}`],
    },
  ];
}

async function startSite(context: SuiteContext, options: WordPressOptions): Promise<WordPressSite> {
  const site = await startWordPressSite({ ...options, constants: PRODUCTION });
  context.defer(() => site.stop());
  return site;
}

/** A real login at our core; the cookie is what its browser sends from then on. */
async function siteWithPlugin(context: SuiteContext, dataDir: string) {
  const [port = 0] = await freePorts(1);
  const people = samplePeople(1);
  const url = `http://localhost:${port}`;
  const sites = [{ siteId: SITE, redirectUri: `${url}/userref/callback` }];
  const core = await startCore(context, { people, sites });
  const secret = () => randomBytes(32).toString('base64url');
  const site = await startSite(context, {
    dataDir,
    port,
    userref: {
      issuer: core.issuer,
      site: SITE,
      siteSecret: core.secrets[SITE] ?? '',
      sessionSecret: secret(),
      webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
      pollSeconds: 3600,
    },
  });
  const browser = new Browser();
  await visit(browser, `${url}/userref/login`, { login: people[0]?.login ?? '' });
  const cookie = [...browser.cookies]
    .filter(([key]) => key.startsWith('wordpress_logged_in_'))
    .map(([key, { value }]) => `${key.split('|')[0]}=${value}`)
    .join('; ');
  return { site, cookie };
}

interface PageOptions {
  readonly name: string;
  readonly site: WordPressSite;
  readonly cookie: string;
}

function page(context: SuiteContext, { name, site, cookie }: PageOptions): Contender {
  const http = new HttpClient(site.url, 1);
  context.defer(() => http.close());
  return {
    name,
    async work() {
      const { status, body } = await http.send({ path: PAGE, headers: { cookie } });
      if (status !== 200 || !/<body class="[^"]*\blogged-in\b/.test(body)) {
        throw new Error(`the page ${name} answered ${status} and knew nobody`);
      }
    },
  };
}

function ratioOfMedians(ours: readonly Slice[], base: readonly Slice[]) {
  const ratios = ours.map(
    ({ latenciesMs }, round) => median(latenciesMs) / median(base[round]?.latenciesMs ?? []),
  );
  return { value: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}

const COUNTED = 10;

/** As MariaDB counts them, less what asking for the count adds. */
async function statementsAPage(site: WordPressSite, { work }: Contender): Promise<number> {
  const count = async () => Number((await site.sql("show global status like 'Questions'")).split('\t')[1]);
  const before = await count();
  for (let index = 0; index < COUNTED; index += 1) await work(0);
  const after = await count();
  const asking = (await count()) - after;
  return Math.round((after - before - asking) / COUNTED);
}
