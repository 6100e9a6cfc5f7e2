import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

/** What the start script found; for a run without it, what is at the usual places. */
const CHROMIUM =
  process.env.USERREF_CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why browser tests cannot run here; undefined when they can. With `CI=true` they have to. */
export const noBrowser: string | undefined = CHROMIUM ? undefined : 'no Chromium is installed';
if (noBrowser && process.env.CI === 'true') throw new Error(`CI needs a browser: ${noBrowser}.`);

export type ChromiumOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** A fresh profile, with no cookies and no cache, which goes when it is closed. */
export async function launchChromium({
  args = [],
  ...options
}: ChromiumOptions = {}): Promise<BrowserContext> {
  const folder = mkdtempSync(join(tmpdir(), 'userref-profile-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: CHROMIUM ?? '',
    args: [...FLAGS, ...args],
    ...options,
  });
  // The browser may still be writing its last lines.
  context.on('close', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return context;
}
