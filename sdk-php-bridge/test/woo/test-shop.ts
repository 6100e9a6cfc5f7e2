import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CanaryReport, searchForCanaries } from '../../../examples/demo/src/canary/search.ts';
import { nextSecond } from '../../../examples/demo/test/support/next-second.ts';
import type { WordPressSite } from '../../../examples/wordpress-site/src/index.ts';
import { Browser } from '../../../hosted-core/test/support/browser.ts';
import { startTestWordPress, type TestWordPress } from '../support/wordpress.ts';
import { type Canaries, newCanaries, sharedValues } from './canaries.ts';
import { Visitor } from './visitor.ts';

export { Visitor } from './visitor.ts';

/** The stand-in of WooCommerce, and a plug-in that copies what it should not. */
export const standIn = join(import.meta.dirname, 'woocommerce');
export const copyingPlugin = join(import.meta.dirname, 'copying-plugin.php');

export interface TestShop extends TestWordPress {
  guest(): Visitor;
  /** Signed in through Userref, and sharing everything unless `shared` says what. */
  member(shared?: (person: Canaries) => Record<string, unknown>): Promise<Visitor>;
  /** With an account of the site's own, which is connected to a `userRef` unless that is empty. */
  signInByPassword(visitor: Visitor, userRef: string): Promise<void>;
  lastOrder(): Promise<Record<string, unknown>>;
}

const LAST_ORDER = `
  global $wpdb;
  $order = wc_get_order($wpdb->get_var("select max(id) from {$wpdb->prefix}wc_orders"));
  $meta = [];
  foreach ($order->get_meta_data() as $one) { $meta[$one->key] = $one->value; }
  return ['id' => $order->get_id(), 'status' => $order->get_status(), 'email' => $order->get_billing_email(),
    'ip' => $order->get_customer_ip_address(), 'agent' => $order->get_customer_user_agent(),
    'note' => $order->get_customer_note(), 'shipping' => $order->get_address('shipping'), 'meta' => $meta,
    'paid' => in_array($order->get_id(), (array) get_option('test_paid_orders', []), true),
    'notes' => wp_list_pluck(get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']), 'comment_content')];`;

/** A real WordPress with the plug-in, the stand-in and a core in memory. */
export async function startTestShop(): Promise<TestShop> {
  const wordpress = await startTestWordPress({ plugins: [standIn], mustUsePlugins: [copyingPlugin] });
  const { core, site } = wordpress;
  const newVisitor = () => new Visitor(site.url, { browser: new Browser(), person: newCanaries() });
  let hasWithdrawn = false;
  /** Of a member who shares everything: signing in takes longer than most tests. */
  let signedIn: Browser | undefined;
  return {
    ...wordpress,
    sendEvent(...event) {
      hasWithdrawn = true;
      signedIn = undefined;
      return wordpress.sendEvent(...event);
    },
    guest: newVisitor,
    async member(shared = sharedValues) {
      const person = newCanaries();
      const isLike = signedIn !== undefined && shared === sharedValues;
      // A session that began in the second of a withdrawal has ended with it.
      if (hasWithdrawn) await nextSecond();
      hasWithdrawn = false;
      core.consented = shared(person);
      // Every member is the same person of the core: none finds the cart of the one before.
      await site.sql('delete from wp_woocommerce_sessions');
      const browser = isLike ? signedIn : new Browser();
      if (!isLike) {
        const { response } = await wordpress.signIn(browser as Browser);
        // To its end: a page still under way writes its session without what was put into the cart meanwhile.
        await response.arrayBuffer();
      }
      signedIn = shared === sharedValues ? browser : undefined;
      const visitor = new Visitor(site.url, { browser: browser as Browser, person });
      visitor.userRef = core.person.userRef;
      return visitor;
    },
    async signInByPassword({ browser }, userRef) {
      const log = `user${Math.random().toString(36).slice(2)}`;
      await wordpress.ask(`
        $id = wp_create_user('${log}', 'password of a test', '${log}@site.invalid');
        foreach (array_filter(['${userRef}']) as $ref) {
          update_user_meta($id, 'userref_user_ref', $ref);
          update_user_meta($id, 'userref_connected', $ref);
        }
        return $id;`);
      const login = `${site.url}/wp-login.php`;
      await (await browser.fetch(login)).text();
      const body = new URLSearchParams({ log, pwd: 'password of a test', testcookie: '1' });
      const response = await browser.fetch(login, { method: 'POST', body });
      await response.arrayBuffer();
      if (response.status !== 302) throw new Error(`No sign-in by password: ${response.status}`);
    },
    lastOrder: () => wordpress.ask(LAST_ORDER),
  };
}

/** WooCommerce's logs by the start of their names, and `sent`: what went to others over HTTP. */
export function uploadOf(site: WordPressSite, name: string): string {
  const folder = join(site.root, 'wp-content', 'uploads');
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const meant = files.filter((file) => file.endsWith('.log') && basename(file).startsWith(name));
  return meant.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
}

/** Looks for the values in everything that the site has written. Mails leave the site and are not among it. */
export async function searchSite(site: WordPressSite, canaries: readonly string[]): Promise<CanaryReport> {
  const logs = [site.logs.debug, site.logs.php].filter((file) => existsSync(file));
  const texts = new Map<string, Buffer>([
    ['database', await site.databaseDump()],
    ['uploads', Buffer.from(`${uploadOf(site, '')}\n`)],
    ...logs.map((file) => [basename(file), readFileSync(file)] as const),
  ]);
  const report = await searchForCanaries({
    canaries,
    places: [...texts].map(([name, text]) => ({ name, kind: 'dump', read: async () => text })),
  });
  // Five digits occur in longer numbers and in hashes by chance: they count where they stand by themselves.
  const isByChance = (value: string, text: Buffer | undefined) =>
    /^\d{5}$/.test(value) && !new RegExp(`(?<![0-9a-z])${value}(?![0-9a-z])`, 'i').test(`${text}`);
  const hits = report.hits.filter(
    ({ canaryIndex, place }) => !isByChance(canaries[canaryIndex] ?? '', texts.get(place)),
  );
  return { ...report, hits };
}
