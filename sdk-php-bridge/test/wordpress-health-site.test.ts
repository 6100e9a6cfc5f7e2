import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { startTestWordPress, type TestWordPress, testPlugin } from './support/wordpress.ts';
import { checkOf, setConstants } from './support/wordpress-health.ts';

const problem = ensurePhp() ?? ensureWordPress();

describe.skipIf(problem !== undefined)('Site Health, of the site itself,', () => {
  let word: TestWordPress;
  const stops: (() => void)[] = [];
  const check = (name: string, before = '') => checkOf(word, name, before);
  const withConstants = (constants: Record<string, string | boolean>) =>
    stops.push(setConstants(word, constants));

  beforeAll(async () => {
    word = await startTestWordPress({ mustUsePlugins: [testPlugin('faults'), testPlugin('health')] });
    await (await fetch(word.site.url)).text();
  });
  afterAll(() => word?.stop());
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  it.each([
    ['https://shop.example', 'good'],
    ['http://shop.example', 'critical'],
    ['http://localhost:8080', 'recommended'],
  ])('takes %s for %s', async (address, status) => {
    withConstants({ USERREF_BASE_URL: address });
    expect(await check('https')).toMatchObject({ status });
  });

  it('sees that WP-Cron stands still, or that the task is gone', async () => {
    expect(await check('catch_up')).toMatchObject({ status: 'good' });
    const at = (time: string) => check('catch_up', `wp_clear_scheduled_hook('userref_catch_up'); ${time}`);
    const late = await at(`wp_schedule_event(time() - 700, 'userref_minute', 'userref_catch_up');`);
    expect(late).toMatchObject({
      status: 'recommended',
      description: expect.stringContaining('wp-cron.php'),
    });
    expect(await at('')).toMatchObject({ status: 'recommended' });
  });

  it('sees another plug-in that wants to keep the sessions', async () => {
    expect(await check('sessions')).toMatchObject({ status: 'good' });
    withConstants({ TEST_TOKEN_MANAGER: 'first' });
    const found = await check('sessions');
    expect(found).toMatchObject({ status: 'recommended' });
    expect(found.description).toContain('TestTokenManager');
  });

  it('sees an object cache that tells of other sessions than the database', async () => {
    withConstants({ TEST_OBJECT_CACHE: true });
    const prime = 'wp_set_current_user(1); get_user_meta(1);';
    expect(await check('sessions', prime)).toMatchObject({ status: 'good' });
    const stale = `${prime} global $wpdb; $wpdb->insert($wpdb->usermeta, ['user_id' => 1,
      'meta_key' => 'session_tokens', 'meta_value' => serialize(['a' => ['expiration' => 1]])]);`;
    expect(await check('sessions', stale)).toMatchObject({ status: 'recommended' });
  });

  it.each([
    ['openssl_verify', 'critical', 'openssl'],
    ['curl_init', 'recommended', 'curl'],
    ['hash_hmac', 'good', 'all extensions'],
  ])('looks for extensions of PHP: without %s it is %s', async (name, status, text) => {
    const settings = join(word.site.folder, 'php.ini');
    const before = readFileSync(settings, 'utf8');
    stops.push(() => writeFileSync(settings, before));
    if (status !== 'good') writeFileSync(settings, `${before}disable_functions = ${name}\n`);
    const found = await check('extensions');
    expect(found).toMatchObject({ status });
    expect(found.description).toContain(text);
  });

  it('prefers secrets in wp-config.php', async () => {
    expect(await check('secrets')).toMatchObject({ status: 'good' });
    const stored = `update_site_option('userref_login', ['webhook_secret' => 'whsec_of-the-database']);`;
    const found = await check('secrets', stored);
    await word.ask(`return delete_site_option('userref_login');`);
    expect(found).toMatchObject({ status: 'recommended' });
    expect(found.description).toContain('USERREF_WEBHOOK_SECRET');
    expect(found.description).not.toContain('whsec_');
  });

  it.each([
    ['<!-- wp:woocommerce/checkout /-->', 'good', 'Checkout block'],
    ['[woocommerce_checkout]', 'good', 'classic checkout'],
    ['<p>By a page builder</p>', 'recommended', 'neither'],
  ])('tells the checkout of a shop by its page: %s', async (content, status, label) => {
    const found = await word.ask(`add_shortcode('woocommerce_checkout', '__return_empty_string');
      $page = wp_insert_post(['post_type' => 'page', 'post_title' => 'Checkout', 'post_content' => '${content}']);
      // WooCommerce's own function, and no more of it.
      eval("function wc_get_page_id(string \\$name): int { return {$page}; }");
      return (new UserrefLogin\\Health\\CheckoutCheck())->run()->toSiteHealth('checkout');`);
    expect(found).toMatchObject({ status, label: expect.stringContaining(label) });
  });

  it('asks what other parts ask, and shows their words as text', async () => {
    withConstants({ TEST_MORE_CHECKS: true });
    expect(await check('more')).toMatchObject({
      status: 'recommended',
      label: 'Of &lt;b&gt;another&lt;/b&gt; part',
      description: '<p>See &amp; do</p>',
    });
  });
});
