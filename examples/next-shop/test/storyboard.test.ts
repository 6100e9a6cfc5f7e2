import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { launchChromium, noBrowser } from '../../../hosted-core/test/support/launch-chromium.ts';
import type { BuiltShop } from '../../../sdk-next/test/support/build-shop.ts';
import { startBuiltShop } from '../../../sdk-next/test/support/running-shop.ts';
import { environmentOf } from '../../../sdk-next/test/support/shop-under-test.ts';
import { canariesOf } from '../../demo/src/start-demo.ts';
import { nextSecond } from '../../demo/test/support/next-second.ts';
import { cookiesOf, expectNoPersonalData } from '../../demo/test/support/no-personal-data.ts';
import { useVisit } from '../../demo/test/support/use-visit.ts';
import {
  placeOrder,
  seeSharingEnd,
  shareOnlyTheAddress,
  shownRef,
  signIn,
  stopAllSharing,
} from '../../demo/test/support/visitor.ts';

/** The storyboard of the Express shop, in the Next shop and against the real core. Each test goes on from the last. */
describe.skipIf(noBrowser)('the Next shop', () => {
  const built = inject('builtShops').find(({ major }) => major === '16') as BuiltShop;
  const attributes = ['address:shipping', 'contact:email'];
  const visit = useVisit({ site: 'next-shop', name: 'Kettle & Leaf', attributes }, (core) => {
    databaseFile = join(core.dataDir, 'shop.sqlite');
    const env = { ...environmentOf(core.site), SHOP_DATABASE_FILE: databaseFile };
    return startBuiltShop(built, { port: core.port, env });
  });
  const home = () => `${visit.site.url}/`;
  const street = () => visit.person.address.street_address;
  let databaseFile: string;
  let orderUrl: string;
  let amberRef: string;

  async function checkOut(page: Page): Promise<void> {
    await page
      .getByRole('button', { name: /to the basket/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Check out' }).click();
  }

  it('signs a person in from a static page, and knows them by a code', async () => {
    const { browser, page, person } = visit;
    const before = await (await fetch(home())).text();
    await signIn(page, home(), person.name);
    amberRef = await shownRef(page);
    expect(amberRef).toMatch(/^ppid_[a-z2-7]{26}$/);
    const [{ name, value } = { name: '', value: '' }] = (await browser.cookies(home())).filter((one) =>
      one.name.startsWith('userref_next-shop'),
    );
    const cookie = `${name}=${value}`;
    expect(value.length).toBeGreaterThan(100);
    expect(await (await fetch(home(), { headers: { cookie } })).text()).toBe(before);
  });

  it('asks for address and e-mail at checkout, unticked, and takes one of them', async () => {
    const { page } = visit;
    await checkOut(page);
    await shareOnlyTheAddress(page);
    await page.waitForURL(`${home()}checkout`);
    await page.getByText(street()).waitFor();
  });

  it('shows the address on the order, fetched live, and the refusal of the e-mail', async () => {
    const { page, person } = visit;
    await placeOrder(page, street());
    orderUrl = page.url();
    expect(orderUrl).toContain('/orders/KL-');
    expect(await page.content()).not.toContain(person.email);
    expect(await page.locator('[data-table="orders"] tbody tr').count()).toBe(1);
  });

  it('gives one person nothing of another: not the order, not a value, not a code', async () => {
    const others = await launchChromium();
    const page = await others.newPage();
    await signIn(page, home(), visit.core.environment.people[1]?.name ?? '');
    expect(await shownRef(page)).not.toBe(amberRef);
    const response = await page.goto(orderUrl);
    expect(response?.status()).toBe(404);
    await page.goto(`${home()}orders`);
    await page.getByText('No orders yet.').waitFor();
    for (const trace of [amberRef, street()]) expect(await page.content()).not.toContain(trace);
    await others.close();
  });

  it('keeps personal data nowhere: database, log, cookies, caches of Next.js', async () => {
    const { browser, core, site } = visit;
    const files = globSync('.next/{cache,server/app}/**/*.{html,rsc,body,json,meta}', { cwd: built.folder });
    const kept = Buffer.concat(files.map((file) => readFileSync(join(built.folder, file))));
    await expectNoPersonalData(canariesOf(core.environment.people), [
      { name: 'database', kind: 'sqlite', file: databaseFile },
      { name: 'log', kind: 'buffer', bytes: Buffer.from(`${site.log} `) },
      { name: 'caches of Next.js', kind: 'buffer', bytes: kept },
      await cookiesOf(browser, home()),
    ]);
  });

  it('signs the open page out when the person withdraws, and the address leaves it', async () => {
    const { browser, core, page } = visit;
    await page.goto(orderUrl);
    await page.locator('[data-attribute="address:shipping"]').getByText(street()).waitFor();
    await page.locator('[data-user-ref]').waitFor();
    await stopAllSharing(browser, core);
    await seeSharingEnd(page, street());
    // The page before signs in by itself, which in the second of the withdrawal it would do again and again.
    await nextSecond();
    await page.goBack({ waitUntil: 'networkidle' }).catch(() => null);
    expect(await page.content()).not.toContain(street());
  });

  it('is calm about a "no": the page says what is missing, and asks when the visitor wants it to', async () => {
    const { page } = visit;
    await nextSecond();
    await page.goto(home());
    await checkOut(page);
    await page.getByRole('button', { name: /without sharing/ }).click();
    await page.waitForURL(`${home()}checkout`);
    await page.getByText('We need somewhere to send it').waitFor();
    await page.getByRole('link', { name: 'Choose what to share' }).click();
    await page.waitForURL(/\/interaction\//);
  });
});
