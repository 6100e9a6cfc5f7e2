/// <reference lib="dom" />
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, noBrowser } from '../../hosted-core/test/support/launch-chromium.ts';
import { axeViolations, scrollsSideways } from '../../hosted-core/test/support/page-checks.ts';
import { createAdapter, incomingOf } from '../src/adapter/index.ts';
import { UserrefError } from '../src/index.ts';
import { LANGUAGES } from '../src/languages/index.ts';
import { FakeCore } from '../testing/index.ts';
import { SESSION_SECRET } from './support/site.ts';

/** The longest code, and an id as cores give them. */
const ERROR = new UserrefError('passport_status_signature_invalid', {
  requestId: '5c9d3f5e-53c0-4f3b-a1c2-0d6c1f3b7e10',
});

describe.skipIf(noBrowser)('an error page in a browser', () => {
  let server: Server;
  let context: BrowserContext;

  beforeAll(async () => {
    // Of this machine, so that the part for developers is looked at as well.
    const options = { ...new FakeCore().options, baseUrl: 'http://localhost', sessionSecret: SESSION_SECRET };
    const adapter = createAdapter({ ...options, languages: LANGUAGES });
    server = createServer((request, response) => {
      const headers = { accept: 'text/html', 'accept-language': request.url?.slice(1) ?? '' };
      const incoming = incomingOf(new Request('http://localhost/', { headers }));
      const { status, headers: sent, body } = adapter.answerError(ERROR, incoming);
      response.writeHead(status, sent).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    context = await launchChromium();
  });
  afterAll(async () => {
    await context.close();
    server.closeAllConnections();
    server.close();
  });

  it.each(LANGUAGES.map(({ tag, direction }) => [tag, direction] as const))(
    'can be read by everybody in %s, by day and by night, on the narrowest screen',
    async (tag, direction) => {
      const page = await context.newPage();
      const blocked: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) blocked.push(message.text());
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 320, height: 560 });
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${tag}`);
        expect(await scrollsSideways(page)).toBe(false);
        const violations = await axeViolations(page);
        // Colours are the browser's own; axe takes the ground of a page without any for white by night, too.
        const counted = violations.filter(({ id }) => colorScheme === 'light' || id !== 'color-contrast');
        expect(counted).toEqual([]);
      }
      const start = await page.locator('h1').evaluate((title) => getComputedStyle(title).direction);
      expect([start, blocked]).toEqual([direction, []]);
      for (const text of [ERROR.code, ERROR.requestId ?? '']) {
        const shown = page.getByText(text, { exact: true });
        expect(await shown.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
        expect(await shown.evaluate((element) => element.getClientRects().length)).toBe(1);
      }
      await page.close();
    },
  );
});
