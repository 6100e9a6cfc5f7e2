import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
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

/** A fresh browser profile: no cookies, no cache. */
export async function openBrowser(
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'userref-profile-')), {
    executablePath: CHROMIUM ?? '',
    args: FLAGS,
    ...options,
  });
}
