import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSecond } from '../../examples/demo/test/support/next-second.ts';
import { type RealCore, startRealCore } from '../../examples/demo/test/support/real-core.ts';
import { startWordPressSite, type WordPressSite } from '../../examples/wordpress-site/src/index.ts';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { launchChromium, noBrowser } from '../../hosted-core/test/support/launch-chromium.ts';
import { ensurePhp } from './support/php.ts';
import { copyingPlugin, searchSite, standIn } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress() ?? noBrowser;

/** The whole way: browser, WordPress, bridge, core and cell are real; WooCommerce is a stand-in. Each test goes on. */
describe.skipIf(problem !== undefined)('a WooCommerce shop at the real core', () => {
  let core: RealCore;
  let site: WordPressSite;
  let browser: BrowserContext;
  let page: Page;
  let envelope = '';

  const person = () => {
    const [first] = core.environment.people;
    if (first === undefined) throw new Error('there are no sample people');
    return first;
  };
  const values = () => [
    person().name,
    person().email,
    person().phone_number,
    ...Object.values(person().address),
  ];
  /** Short ones, such as the country, occur by chance. */
  const canaries = () =>
    values().filter((value): value is string => typeof value === 'string' && value.length > 5);
  const ask = async (php: string) =>
    JSON.parse(await site.evaluate(`echo wp_json_encode((static function () { ${php} })());`));
  const lastOrder = `global $wpdb; wp_set_current_user(1);
    $order = wc_get_order($wpdb->get_var("select max(id) from {$wpdb->prefix}wc_orders"));`;
  const openLabel = () =>
    ask(`${lastOrder}
    try { return userref_with_shipping_address($order, fn (array $address): string => $address['address_1']); }
    catch (Userref\\Exception\\UserrefThrowable $error) { return $error->errorCode()->value; }`);
  const share = async () => {
    await page.goto(`${site.url}/checkout/`);
    await page.getByRole('link', { name: 'Choose what to share' }).click();
    await page.waitForURL(/\/interaction\//);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: 'Share selected' }).click();
    await page.waitForURL(`${site.url}/checkout/`);
  };
  const panel = async () => {
    await page.goto(`${site.url}/checkout/`);
    return page.locator('.userref-delivery').innerText();
  };
  const orderClassic = async () => {
    const nonce = await page.locator('form.checkout').getAttribute('data-nonce');
    return untilSealed(async () => {
      const answer = await page.request.post(`${site.url}/?wc-ajax=checkout`, {
        form: { 'woocommerce-process-checkout-nonce': nonce ?? '', payment_method: 'test' },
      });
      return answer.json();
    });
  };

  beforeAll(async () => {
    const attributes = ['address:country', 'address:shipping', 'contact:email', 'profile:name', 'sealed'];
    core = await startRealCore({ site: 'woo-shop', name: 'Clay & Cup', attributes });
    const dataDir = join(core.dataDir, 'shop');
    mkdirSync(dataDir);
    site = await startWordPressSite({
      dataDir,
      port: core.port,
      plugins: [standIn],
      mustUsePlugins: [copyingPlugin],
      userref: core.site,
    });
    browser = await launchChromium();
    // Long enough for a machine that is busy with other tests: what is waited for comes.
    browser.setDefaultTimeout(45_000);
    page = await browser.newPage();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await core?.stop();
  });

  it('asks at the checkout for what the order needs, and shows it live', async () => {
    await page.goto(`${site.url}/userref/login`);
    await page.getByRole('button', { name: person().name }).click();
    await page.waitForURL(`${site.url}/`);
    await page.goto(`${site.url}/?add-to-cart=mug`);
    await share();
    await expect.poll(panel, { timeout: 60_000 }).toContain(person().address.street_address);
    expect(await panel()).toContain(person().email);
  });

  it('orders, and the shop holds nothing of the person', async () => {
    expect(await orderClassic()).toMatchObject({ result: 'success' });
    const { hits, clean } = await searchSite(site, canaries());
    expect(hits).toEqual([]);
    expect(clean).toBe(true);
    envelope = await ask(`${lastOrder} return $order->get_meta('_userref_sealed_shipping');`);
    expect(envelope).toMatch(/^eyJ/);
  });

  it('mails the person, and opens the address for a label', async () => {
    expect(readFileSync(site.logs.mail, 'utf8')).toContain(`To: ${person().email}`);
    await expect.poll(openLabel, { timeout: 60_000 }).toBe(person().address.street_address);
    expect((await searchSite(site, canaries())).hits).toEqual([]);
  });

  it('orders by the Checkout block as well', async () => {
    await page.goto(`${site.url}/?add-to-cart=cup`);
    await page.goto(`${site.url}/checkout-block/`);
    const nonce = (await page.locator('.wp-block-woocommerce-checkout').getAttribute('data-nonce')) ?? '';
    const body = await untilSealed(async () => {
      const answer = await page.request.post(`${site.url}/wp-json/wc/store/v1/checkout`, {
        headers: { nonce },
        data: { billing_address: { first_name: person().name, address_1: person().address.street_address } },
      });
      return answer.json();
    });
    expect(body).toMatchObject({ payment_result: { result: 'success' } });
    await expect.poll(openLabel, { timeout: 60_000 }).toBe(person().address.street_address);
    expect((await searchSite(site, canaries())).hits).toEqual([]);
  });

  it('loses the envelopes when the person stops sharing, and would not open one that it had kept', async () => {
    const account = await browser.newPage();
    await account.goto(`${core.environment.settings.cell.url}/account`);
    const card = account.getByRole('article', { name: 'Clay & Cup' });
    await card.getByRole('button', { name: /Stop all sharing/ }).click();
    await expect.poll(openLabel, { timeout: 60_000 }).toBe('sealed_destroyed');
    await account.close();
    const notes = await ask(`${lastOrder}
      return wp_list_pluck(get_comments(['post_id' => $order->get_id(), 'type' => 'order_note']), 'comment_content');`);
    expect(notes.join(' ')).toContain('no longer shares the delivery address');
    const kept = await ask(`${lastOrder} $order = wc_get_order(1);
      $order->update_meta_data('_userref_sealed_shipping', '${envelope}');
      $order->save_meta_data();
      try { userref_with_shipping_address($order, fn () => 1); }
      catch (Userref\\Exception\\UserrefThrowable $error) {
        return [$error->errorCode()->value, wc_get_order(1)->get_meta('_userref_sealed_shipping')];
      }`);
    expect(kept).toEqual(['sealed_destroyed', '']);
  });

  it('takes no order and no money until the person shares again', async () => {
    await nextSecond();
    await page.goto(`${site.url}/userref/login`);
    await page.waitForURL(`${site.url}/`);
    await page.goto(`${site.url}/?add-to-cart=mug`);
    await page.goto(`${site.url}/checkout/`);
    const refused = await orderClassic();
    expect(refused.messages).toContain('do not share with this shop');
    expect(await ask(`return count((array) get_option('test_paid_orders', []));`)).toBe(2);
    await share();
    expect(await orderClassic()).toMatchObject({ result: 'success' });
    expect((await searchSite(site, canaries())).hits).toEqual([]);
  });
});

/**
 * Core, cell, bridge and this test are one process: while the machine is busy with others, the core may not answer
 * within the bridge's deadline. The shop then takes neither order nor money and says so; as it says, one tries again.
 */
async function untilSealed<Answer>(order: () => Promise<Answer>): Promise<Answer> {
  const answer = await order();
  return /Try again in a moment/.test(JSON.stringify(answer)) ? untilSealed(order) : answer;
}
