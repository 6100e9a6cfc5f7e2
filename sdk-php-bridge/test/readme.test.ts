import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { freePort } from '../../hosted-core/test/support/free-port.ts';
import { ensurePhp } from './support/php.ts';
import { type PhpServer, startPhpServer } from './support/php-server.ts';
import {
  BRIDGE_SECRET,
  newFolder,
  removeFolders,
  serveCore,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const noPhp = ensurePhp();
const README = readFileSync(new URL('../php/README.md', import.meta.url), 'utf8');
const [quickstart = '', shares = ''] = [...README.matchAll(/```php\n([\s\S]*?)```/g)].map(([, code]) => code);

/** The README's site in one file; it leaves the database, and the two pages, to the reader. */
function siteOf(addresses: { issuer: string; baseUrl: string }): string {
  const site = quickstart
    .replace('https://id.example.eu', addresses.issuer)
    .replace('https://shop.example', addresses.baseUrl)
    .replace('fromConfig([', "fromConfig([\n    'bridge' => getenv('USERREF_BRIDGE'),");
  const autoload = new URL('../php/autoload.php', import.meta.url).pathname;
  return `<?php
require '${autoload}';
$pdo = new PDO('sqlite:' . getenv('SITE_FOLDER') . '/site.sqlite');
${site}
echo ' who: ' . ($user?->userRef ?? 'nobody');
if ($_SERVER['REQUEST_URI'] === '/order') {
${shares}
echo ' where: ' . ($address['locality'] ?? 'nowhere');
}
`;
}

describe.skipIf(noPhp)('the site of the README', () => {
  const folder = newFolder();
  let served: ServedFakeCore;
  let bridge: TestBridge;
  let site: PhpServer;

  beforeAll(async () => {
    served = await serveCore({ site: 'cms-shop-123' });
    const port = await freePort();
    const baseUrl = `http://localhost:${port}`;
    bridge = await startTestBridge(served.core, { settings: { USERREF_BASE_URL: baseUrl } });
    const script = join(folder, 'site.php');
    writeFileSync(script, siteOf({ issuer: served.core.issuer, baseUrl }));
    site = await startPhpServer({
      ...{ script, folder, port },
      environment: {
        SITE_FOLDER: folder,
        USERREF_BRIDGE: bridge.address,
        USERREF_BRIDGE_SECRET: BRIDGE_SECRET,
        USERREF_WEBHOOK_SECRET: served.core.webhookSecret,
      },
    });
  });
  afterAll(async () => {
    await site.stop();
    await bridge.stop();
    await served.stop();
    removeFolders();
  });

  it('signs a visitor in from its link, and shows an address that the person shares', async () => {
    const browser = new Browser();
    const home = await (await browser.fetch(`${site.url}/`)).text();
    expect(home).toContain('who: nobody');
    const [, link = ''] = /href="([^"]+)"/.exec(home) ?? [];
    await browser.open(site.url + link.replaceAll('&amp;', '&'));
    const signedIn = await (await browser.fetch(`${site.url}/`)).text();
    expect(signedIn).toContain(`who: ${served.core.person.userRef}`);
    const { response } = await browser.open(`${site.url}/order`);
    expect(await response.text()).toContain('where: Sampletown');
    expect(site.errors()).toBe('');
  });
});
