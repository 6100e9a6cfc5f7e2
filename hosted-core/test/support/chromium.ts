import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from 'playwright-core';
import { type ChromiumOptions, launchChromium } from './launch-chromium.ts';
import { CORE, type RunningCell } from './running-cell.ts';

export { noBrowser } from './launch-chromium.ts';

export interface RealBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

/** A fresh profile. The core and the shop, which are not there, answer with a short page. */
export async function openChromium(options: ChromiumOptions = {}): Promise<RealBrowser> {
  const elsewhere = createServer((_request, response) => response.end('back'));
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  const { port } = elsewhere.address() as AddressInfo;
  const rules = [new URL(CORE).host, 'shop-a.test'].map((host) => `MAP ${host}:80 127.0.0.1:${port}`);
  const context = await launchChromium({
    args: [`--host-resolver-rules=${rules.join(', ')}`],
    viewport: { width: 1000, height: 900 },
    locale: 'en',
    ...options,
  });
  for (const origin of [CORE, 'http://shop-a.test'])
    await context.route(`${origin}/**`, (route) =>
      route.fulfill({ body: 'back', contentType: 'text/plain' }),
    );
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    close: async () => {
      await context.close();
      elsewhere.close();
      elsewhere.closeAllConnections();
    },
  };
}

/** Signs in at the cell as one of the sample people; the browser stands on My data then. */
export async function signInAt(page: Page, { url }: RunningCell, path = '/account', login = 'amber') {
  await page.goto(`${url}${path}`);
  if (page.url().includes('/sign-in/')) await page.locator(`button[value="${login}"]`).click();
  await page.waitForURL(`${url}${path}`);
}
