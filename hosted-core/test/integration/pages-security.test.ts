import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atConsentPage, consentCount, share, withdrawAll } from '../support/consent-visit.ts';
import { Browser, beginConsent, CORE, post, type RunningCell, startCell } from '../support/running-cell.ts';

let running: RunningCell;
let log = '';

beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk);
      done();
    },
  });
  running = await startCell({ log: sink });
});
afterAll(() => running.close());

describe('A form that did not come from our own page', () => {
  const FOREIGN: readonly [string, Record<string, string>][] = [
    ['has the origin null', { origin: 'null' }],
    ['has another origin', { origin: 'https://evil.test' }],
    ['comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['comes from another origin of the same site', { 'sec-fetch-site': 'same-site' }],
    ['comes from another site with the origin null', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ];

  it.each(FOREIGN)('is refused when it %s', async (_why, headers) => {
    const { browser, url, csrf } = await atConsentPage(running);
    const before = await consentCount(running);
    expect((await post(browser, `${url}/consent`, share(csrf), headers)).status).toBe(403);
    expect(await consentCount(running)).toBe(before);
  });

  it('is refused without a token, with a wrong one and with the token of another session', async () => {
    const { browser, url } = await atConsentPage(running);
    const other = await atConsentPage(running, 'birch');
    const before = await consentCount(running);
    for (const csrf of ['', 'x'.repeat(43), other.csrf]) {
      expect((await post(browser, `${url}/consent`, share(csrf))).status).toBe(403);
    }
    expect(await consentCount(running)).toBe(before);
  });

  it('is refused from another browser, even with the right token', async () => {
    const { url, csrf } = await atConsentPage(running);
    const before = await consentCount(running);
    expect((await post(new Browser(), `${url}/consent`, share(csrf))).status).toBe(404);
    expect(await consentCount(running)).toBe(before);
  });

  it('changes nothing by GET, as JSON or as plain text', async () => {
    const { browser, url, csrf } = await atConsentPage(running);
    const before = await consentCount(running);
    expect((await browser.fetch(`${url}/consent?${new URLSearchParams(share(csrf))}`)).status).toBe(404);
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
      const answer = await browser.fetch(`${url}/consent`, {
        method: 'POST',
        body: JSON.stringify(share(csrf)),
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(415);
    }
    expect(await consentCount(running)).toBe(before);
  });

  it('is accepted from our own page in a browser, which says so', async () => {
    const { browser, subjectId, url, csrf } = await atConsentPage(running);
    const answer = await post(browser, `${url}/consent`, share(csrf), {
      origin: 'null',
      'sec-fetch-site': 'same-origin',
    });
    expect(answer.status).toBe(303);
    await withdrawAll(running, subjectId);
  });
});

describe('Every page', () => {
  it('may not be framed, cached or scripted, and posts only to the origins of its flow', async () => {
    const { browser, url } = await atConsentPage(running);
    const { headers } = await browser.fetch(url);
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' ${CORE} http://shop-a.test ${running.issuer}; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('names its language and direction, in the language that was asked for', async () => {
    const { browser, subjectId } = await atConsentPage(running);
    const arabic = await beginConsent(running, subjectId, { uiLocales: ['ar-EG', 'en'] });
    const html = await (await browser.fetch(arabic.url)).text();
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('توصيل طلبك');
    await browser.fetch(`${arabic.url}?lang=ru`);
    expect(await (await browser.fetch(arabic.url)).text()).toContain('<html lang="ru" dir="ltr">');
  });

  it('has its stylesheet at an address that browsers may keep', async () => {
    const { html } = await atConsentPage(running);
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? '';
    const answer = await fetch(`${running.url}${href}`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toContain('text/css');
  });

  it('is small: under 30 kB with its stylesheet', async () => {
    const { html } = await atConsentPage(running);
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? '';
    const css = await (await fetch(`${running.url}${href}`)).text();
    expect(html.length + css.length).toBeLessThan(30_000);
  });

  it('leaves no personal data, code, cookie or state in the log', async () => {
    const { browser, subjectId, url, csrf } = await atConsentPage(running);
    await post(browser, `${url}/consent`, share(csrf));
    await withdrawAll(running, subjectId);
    expect(log).toContain('/upstream/callback');
    const secrets = [...browser.cookies.values()].map(({ value }) => value);
    for (const canary of [
      'sample.amber',
      'Personamber',
      'Honey Lane',
      '2079460171',
      'dev-7q2m4k9xw3ta',
      csrf,
      subjectId,
      ...secrets,
    ]) {
      expect(log).not.toContain(canary);
    }
    expect(log).not.toMatch(/code=|state=/);
  });
});
