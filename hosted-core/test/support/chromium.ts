import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { CORE, type RunningCell } from './running-cell.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];

/** Why browser tests cannot run here; undefined when they can. With `CI=true` they have to. */
export const noBrowser: string | undefined = CHROMIUM ? undefined : 'no Chromium is installed';
if (noBrowser && process.env.CI === 'true') throw new Error(`CI needs a browser: ${noBrowser}.`);

type Options = Parameters<typeof chromium.launchPersistentContext>[1];

export interface RealBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

/** A fresh profile. The core and the shop, which are not there, answer with a short page. */
export async function openChromium(options: Options = {}): Promise<RealBrowser> {
  const elsewhere = createServer((_request, response) => response.end('back'));
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  const { port } = elsewhere.address() as AddressInfo;
  const rules = [new URL(CORE).host, 'shop-a.test'].map((host) => `MAP ${host}:80 127.0.0.1:${port}`);
  const folder = mkdtempSync(join(tmpdir(), 'userref-profile-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM ?? '',
    args: [...FLAGS, `--host-resolver-rules=${rules.join(', ')}`],
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
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in at the cell as one of the sample people; the browser stands on My data then. */
export async function signInAt(page: Page, { url }: RunningCell, path = '/account', login = 'amber') {
  await page.goto(`${url}${path}`);
  if (page.url().includes('/sign-in/')) await page.locator(`button[value="${login}"]`).click();
  await page.waitForURL(`${url}${path}`);
}
