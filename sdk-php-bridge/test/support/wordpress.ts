import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeCore } from '@userref/sdk-core/testing';
import {
  startWordPressSite,
  type WordPressOptions,
  type WordPressSite,
} from '../../../examples/wordpress-site/src/index.ts';
import { Browser } from '../../../hosted-core/test/support/browser.ts';
import { newFolder, removeFolders, SESSION_SECRET, serveCore } from './test-bridge.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

export interface TestWordPress {
  readonly core: FakeCore;
  readonly site: WordPressSite;
  /** Signs the core's person in; gives what WordPress answers in the end. */
  signIn(browser: Browser, returnTo?: string): Promise<{ url: URL; response: Response }>;
  /** Status of a page, all of which is read: Node's fetch takes offence at a connection that ends before. */
  statusOf(path: string, browser?: Browser): Promise<number>;
  /** Whether WordPress knows who is there. */
  isSignedIn(browser: Browser): Promise<boolean>;
  /** A browser in which WordPress's administrator is signed in. */
  administrator(): Promise<Browser>;
  /** Sends a signed event to the address that is registered; gives status and body. */
  sendEvent(
    type: string,
    data: Record<string, unknown>,
    path?: string,
  ): Promise<{ status: number; body: string }>;
  /** What PHP within WordPress returns, by JSON. `php` ends with `return …;`. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  ask(php: string, options?: { readonly url?: string }): Promise<any>;
  stop(): Promise<void>;
}

export type TestWordPressOptions = Omit<WordPressOptions, 'dataDir' | 'userref'> & {
  /** Default: the sources of this repository. */
  readonly plugin?: string;
};

/** A real WordPress with the plug-in, the real bridge, and a core in memory with one person. */
export async function startTestWordPress({
  plugin,
  ...options
}: TestWordPressOptions = {}): Promise<TestWordPress> {
  const { core, stop } = await serveCore();
  const dataDir = newFolder();
  // Open to the user that the database runs as.
  chmodSync(dataDir, 0o711);
  const site = await startWordPressSite({
    ...options,
    dataDir,
    userref: {
      issuer: core.issuer,
      site: core.site,
      siteSecret: core.siteSecret,
      sessionSecret: SESSION_SECRET,
      webhookSecret: core.webhookSecret,
      ...(plugin !== undefined && { plugin }),
    },
  });
  const statusOf: TestWordPress['statusOf'] = async (path, browser = new Browser()) => {
    const response = await browser.fetch(`${site.url}${path}`);
    await response.text();
    return response.status;
  };
  return {
    core,
    site,
    statusOf,
    isSignedIn: async (browser) => (await statusOf('/wp-admin/profile.php', browser)) === 200,
    signIn: (browser, returnTo = '/') =>
      browser.open(`${site.url}/userref/login?return_to=${encodeURIComponent(returnTo)}`),
    administrator: () => signInAdministrator(site),
    async sendEvent(type, data, path = '/wp-json/userref/v1/webhook') {
      const { headers, body } = await core.webhook({ type, data } as Parameters<FakeCore['webhook']>[0]);
      const response = await fetch(`${site.url}${path}`, { method: 'POST', headers, body });
      return { status: response.status, body: await response.text() };
    },
    async ask(php, at) {
      const code = `echo wp_json_encode((static function () { ${php} })());`;
      return JSON.parse(await site.evaluate(code, at));
    },
    async stop() {
      await site.stop();
      await stop();
      const complaints = complaintsAbout(site);
      removeFolders();
      if (complaints.length > 0) throw new Error(`PHP complains about the plug-in: ${complaints.join('; ')}`);
    },
  };
}

/**
 * What PHP wrote to its logs about files of the plug-in, warnings and deprecations too; and what WordPress wrote there
 * about how it is used, which names no file.
 */
function complaintsAbout({ logs }: WordPressSite): string[] {
  const lines = [logs.debug, logs.php].filter(existsSync).map((file) => readFileSync(file, 'utf8'));
  const ours =
    lines
      .join('\n')
      .match(/^.*PHP .*(?:plugins\/(?:userref-login|php)\/|<strong>(?:incorrectly|deprecated)<).*$/gm) ?? [];
  return [...new Set(ours.map((line) => line.replace(/^\[[^\]]*\] /, '')))];
}

/** Another person at the core, in a session of their own: what a test does to one touches no other. */
export function anotherPerson({ person }: FakeCore): void {
  person.userRef = `ppid_${Array.from(randomBytes(26), (byte) => BASE32[byte % 32]).join('')}`;
  person.sid = `sid-${randomUUID()}`;
}

/** A must-use plug-in that does what other plug-ins of a site may do. */
export function testPlugin(
  name: 'page-cache' | 'object-cache' | 'faults' | 'erasure' | 'health' | 'wp-cli',
): string {
  return join(import.meta.dirname, 'wordpress-plugins', `${name}.php`);
}

async function signInAdministrator(site: WordPressSite): Promise<Browser> {
  const browser = new Browser();
  const login = `${site.url}/wp-login.php`;
  await (await browser.fetch(login)).text();
  const body = new URLSearchParams({ log: site.admin.login, pwd: site.admin.password, testcookie: '1' });
  const response = await browser.fetch(login, { method: 'POST', body });
  if (response.status !== 302) throw new Error(`The administrator could not sign in: ${response.status}`);
  return browser;
}
