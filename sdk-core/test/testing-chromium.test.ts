import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, noBrowser } from '../../hosted-core/test/support/launch-chromium.ts';
import { createUserref, type UserrefOptions } from '../src/index.ts';
import { FakeCore, signInBrowser } from '../testing/index.ts';
import { SESSION_SECRET } from './support/site.ts';

/** With a real Playwright and a real browser, which look at cookies more closely than a test's own. */
describe.skipIf(noBrowser)('a browser of Playwright', () => {
  let options: UserrefOptions;
  let server: Server;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const session = await createUserref(options).readSession(request.headers.cookie);
      response.end(session === null ? 'nobody' : `${session.userRef} ${session.consents.join()}`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
    options = { ...new FakeCore().options, baseUrl, sessionSecret: SESSION_SECRET };
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is signed in by one line, and out of reach for scripts of the page', async () => {
    const context = await launchChromium();
    try {
      const page = await context.newPage();
      await page.goto(options.baseUrl);
      expect(await page.textContent('body')).toBe('nobody');
      await signInBrowser(context, options, { consents: ['contact:email'] });
      await page.reload();
      expect(await page.textContent('body')).toMatch(/^ppid_\w{26} contact:email$/);
      expect(await page.evaluate('document.cookie')).toBe('');
    } finally {
      await context.close();
    }
  });
});
