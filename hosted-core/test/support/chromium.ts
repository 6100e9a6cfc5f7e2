/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
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

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

export interface Violation {
  readonly id: string;
  readonly nodes: readonly string[];
}

/** What axe-core finds against WCAG 2.2 A and AA. Runs beside the page, whose policy allows no script. */
export async function axeViolations(page: Page): Promise<Violation[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(...rest: unknown[]): Promise<AxeResult> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = await axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    });
    return found.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html }) => html.slice(0, 160)),
    }));
  });
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Whether anything sticks out to the side. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** Things to tap that are smaller than 24 × 24 CSS pixels, links in running text aside (WCAG 2.2, 2.5.8). */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .filter(({ element }) => !(element.matches('input') && element.closest('label')))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
  );
}
