import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailSink, startMailSink } from '../../../src/development/index.ts';
import { noBrowser, openChromium, type RealBrowser } from '../../support/chromium.ts';
import { axeViolations, scrollsSideways } from '../../support/page-checks.ts';

/** Everything that makes a browser ask somebody, or go there, without a click. */
function callingHome(home: string): string {
  return `<!doctype html><html><head><title>mail</title>
    <meta http-equiv="refresh" content="0;url=${home}/refresh"><base href="${home}/base/">
    <link rel="stylesheet" href="${home}/style"><link rel="prefetch" href="${home}/prefetch">
    <LINK rel="preconnect" href="${home}"><link rel="icon" href="${home}/icon">
    <style>@import "${home}/import"; body { background: url(${home}/background) }
      @font-face { font-family: x; src: url(${home}/font) } p { font-family: x; color: rgb(1, 2, 3) }</style>
    </head><body onload="fetch('${home}/onload')"><p>Thank you for your order</p>
    <img src="${home}/pixel"><img srcset="${home}/srcset 1x"><video poster="${home}/poster" src="${home}/video"></video>
    <object data="${home}/object"></object><embed src="${home}/embed"><iframe src="${home}/frame"></iframe>
    <iframe src="data:text/html,<script>fetch('${home}/data')</script>"></iframe>
    <script>fetch('${home}/script'); top.location = '${home}/top'; document.title = 'taken'</script>
    <form action="${home}/form"><button autofocus onfocus="this.click()">x</button></form>
    <a href="${home}/ping" ping="${home}/ping">link</a></body></html>`;
}

describe.skipIf(noBrowser)('a mail in Chromium', () => {
  let sink: MailSink;
  let browser: RealBrowser;
  let home: Server;
  let calls: string[] = [];
  let address = '';

  beforeAll(async () => {
    sink = await startMailSink();
    browser = await openChromium();
    home = createServer((request, response) => {
      calls.push(request.url ?? '');
      response.setHeader('access-control-allow-origin', '*').end('home');
    });
    home.on('connection', () => calls.push('connection'));
    await new Promise<void>((done) => home.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(home.address() as AddressInfo).port}`;
    await createTransport(sink.smtpUrl).sendMail({
      from: 'Shop <shop@shop-a.test>',
      to: `${'long.'.repeat(12)}name@example.test`,
      subject: 'طلبك في الطريق',
      text: 'شكرا لطلبك',
      html: callingHome(address),
    });
  });
  afterAll(async () => {
    await browser?.close();
    await sink?.stop();
    home?.close();
    home?.closeAllConnections();
  });

  it('shows what stands in it, and tells nobody', async () => {
    const { page } = browser;
    for (const url of [`${sink.url}/mails/1`, `${sink.url}/mails/1/html`]) {
      calls = [];
      await page.goto(url);
      const mail = page.frames().at(url.endsWith('html') ? 0 : 1);
      const thanks = mail?.getByText('Thank you for your order');
      await thanks?.waitFor();
      // The mail's own style holds, so it is not merely an empty document.
      expect(await thanks?.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)');
      await page.waitForTimeout(700);
      expect(calls).toEqual([]);
      expect(page.url()).toBe(url);
      expect(await page.title()).not.toBe('taken');
    }
  });

  it('would be told on if the page let it', async () => {
    const { page } = browser;
    calls = [];
    await page.route(`${sink.url}/bare`, (route) =>
      route.fulfill({ contentType: 'text/html', body: callingHome(address) }),
    );
    await page.goto(`${sink.url}/bare`);
    await expect.poll(() => calls).toEqual(expect.arrayContaining(['connection', '/top']));
  });

  it.each(['light', 'dark'] as const)('can be read by everybody, %s and on a phone', async (colorScheme) => {
    const { page } = browser;
    await page.emulateMedia({ colorScheme });
    for (const path of ['/', '/mails/1']) {
      await page.setViewportSize({ width: 1000, height: 900 });
      await page.goto(sink.url + path);
      expect(await axeViolations(page)).toEqual([]);
      await shoot(path, colorScheme);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await scrollsSideways(page)).toBe(false);
      await shoot(path, `${colorScheme}-phone`);
    }
  });

  it('shows a subject in Arabic from right to left', async () => {
    await browser.page.goto(`${sink.url}/mails/1`);
    const direction = (selector: string) =>
      browser.page.locator(selector).evaluate((element) => getComputedStyle(element).direction);
    expect(await Promise.all([direction('h1'), direction('pre')])).toEqual(['rtl', 'rtl']);
  });

  async function shoot(path: string, name: string) {
    const folder = process.env.USERREF_SCREENSHOTS;
    if (folder)
      await browser.page.screenshot({ path: `${folder}/mail${path.replaceAll('/', '-')}${name}.png` });
  }
});
