import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RealCore } from './real-core.ts';

/** What the notices of the shops and of the magazine say. */
const STOPPED = /Access was withdrawn|you stopped sharing/;

/** Signs in from a page of a site, where the sign-in asks who it is, and comes back to the page. */
export async function signIn(page: Page, from: string, name: string): Promise<void> {
  await followSignIn(page, from);
  await page.getByRole('button', { name }).click();
  await page.waitForURL(from);
}

/** The same for somebody whom the core knows by now: it asks nothing. */
export async function signInWithOneClick(page: Page, from: string): Promise<void> {
  await followSignIn(page, from);
  await page.locator('[data-user-ref]').waitFor();
  expect(page.url()).toBe(from);
}

/** Opens the page of a site, and follows the first link there that offers to sign in. */
export async function followSignIn(page: Page, from: string): Promise<void> {
  await page.goto(from);
  await page
    .getByRole('link', { name: /sign in/i })
    .first()
    .click();
}

/** The code by which the page knows its visitor. */
export async function shownRef(page: Page): Promise<string> {
  return (await page.locator('[data-user-ref]').getAttribute('data-user-ref')) ?? '';
}

/** Shares the delivery address, and not the e-mail address that is asked for too; none is ticked before. */
export async function shareOnlyTheAddress(page: Page): Promise<void> {
  await page.waitForURL(/\/interaction\//);
  expect(await page.getByRole('checkbox').count()).toBe(2);
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
  await page.getByLabel('Delivery address').check();
  await page.getByRole('button', { name: 'Share selected' }).click();
}

/** Puts something into the empty basket, and checks out: shares the address, and sees it there. */
export async function checkOut(page: Page, product: RegExp, shared: string): Promise<void> {
  await page.getByRole('button', { name: product }).click();
  await page.getByRole('link', { name: 'Basket (1)' }).click();
  await shareOnlyTheAddress(page);
  await page.waitForURL(/\/checkout$/);
  expect(await page.locator('main').innerText()).toContain(shared);
}

/** Places the order; its page shows the address, and why it shows no e-mail address. */
export async function placeOrder(page: Page, shared: string): Promise<void> {
  await page.getByRole('button', { name: /Place the order/ }).click();
  await page.waitForURL(/\/orders\//);
  await page.locator('[data-attribute="address:shipping"]').getByText(shared).waitFor();
  await page.locator('[data-attribute="contact:email"]').getByText('consent_required').waitFor();
}

/** Stops all sharing with a site in My data, in another tab, until My data says that it has stopped. */
export async function stopAllSharing(
  browser: BrowserContext,
  { accountUrl, siteName }: Pick<RealCore, 'accountUrl' | 'siteName'>,
): Promise<void> {
  const account = await browser.newPage();
  await account.goto(accountUrl);
  const card = account.getByRole('article', { name: siteName });
  expect(await card.innerText()).toContain('Delivery address');
  await card.getByRole('button', { name: /Stop all sharing/ }).click();
  await account.waitForURL(/[?&]done=stopped/);
  await account.close();
}

/** Watches an open page of the site hear that sharing has stopped: it signs out, and what was shared leaves it. */
export async function seeSharingEnd(page: Page, shared: string): Promise<void> {
  await page.locator('[data-signed-out-notice]').getByText(STOPPED).waitFor();
  expect(await page.content()).not.toContain(shared);
  await page.reload();
  expect(await page.locator('[data-user-ref]').count()).toBe(0);
}

/** Signs out with the button of a page; then the first page of the site knows nobody. */
export async function signOut(page: Page, home: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForLoadState();
  await page.goto(home);
  expect(await page.locator('[data-user-ref]').count()).toBe(0);
}
