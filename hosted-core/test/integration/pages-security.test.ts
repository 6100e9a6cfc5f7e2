import { readdirSync, readFileSync } from 'node:fs';
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

describe('Every form of the pages', () => {
  const folder = new URL('../../src/cell/pages/', import.meta.url);
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('-routes.ts'))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8');
      const constants = new Map(
        [...text.matchAll(/const (\w+) = '(\/[^']+)';/g)].map(([, key, path]) => [key, path]),
      );
      return [...text.matchAll(/app\.post\(\s*(?:'([^']+)'|(\w+)),/g)].map(
        ([, path, constant]) => path ?? constants.get(constant) ?? `unknown ${constant}`,
      );
    });

  it('is found by this test', () => {
    expect(paths.length).toBeGreaterThanOrEqual(17);
    expect(paths.filter((path) => !path.startsWith('/'))).toEqual([]);
    expect(paths).toContain('/interaction/:id/continue');
  });

  it.each(paths)('%s does nothing without the token of the session, nor for another site', async (path) => {
    const { browser, interactionId, csrf } = await atConsentPage(running);
    const filled = path
      .replace(':id', interactionId)
      .replace(':consent', `con_${'a'.repeat(26)}`)
      .replace(':site', 'shop-a')
      .replace(':session', 'x')
      .replace(':attribute', 'contact:email');
    const entries = () =>
      running.database.admin.query(`select 1 from cell.audit_events where action <> 'own_attributes.read'`);
    const before = (await entries()).length;
    const form = { word: 'DELETE', when: 'now', value: 'canary@example.test', duration: 'once' };
    for (const [token, headers] of [
      ['', {}],
      ['x'.repeat(43), {}],
      [csrf, { origin: 'https://evil.test' }],
      [csrf, { 'sec-fetch-site': 'cross-site' }],
    ] as const)
      expect((await post(browser, `${running.url}${filled}`, { csrf: token, ...form }, headers)).status).toBe(
        403,
      );
    expect((await entries()).length).toBe(before);
  });
});

describe('A login that another site starts', () => {
  it('cannot be continued by a forged form, and is continued by ours', async () => {
    const { browser } = await atConsentPage(running);
    const { url } = await running.begin({ chooseAccount: true });
    const html = await (await browser.fetch(url)).text();
    // A choice just made counts: the session must be older than the interaction.
    expect(html).toContain('Continue as');
    const token = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const other = await atConsentPage(running, 'birch');
    for (const csrf of ['', 'x'.repeat(43), other.csrf])
      expect((await post(browser, `${url}/continue`, { csrf })).status).toBe(403);
    const foreign = await post(browser, `${url}/continue`, { csrf: token }, { origin: 'https://evil.test' });
    expect(foreign.status).toBe(403);
    expect((await post(new Browser(), `${url}/continue`, { csrf: token })).status).toBe(404);
    expect((await browser.fetch(`${url}/continue`)).status).toBe(404);
    const answer = await post(browser, `${url}/continue`, { csrf: token });
    expect(answer.headers.get('location')).toContain(CORE);
  });

  it('cannot be continued past a sign-in that the site demands anew', async () => {
    const { browser, csrf } = await atConsentPage(running);
    const { url } = await running.begin({ forceLogin: true });
    await browser.fetch(url);
    expect((await post(browser, `${url}/continue`, { csrf })).status).toBe(403);
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
