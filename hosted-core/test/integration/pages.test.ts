import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atConsentPage, share, withdrawAll } from '../support/consent-visit.ts';
import {
  Browser,
  beginConsent,
  CORE,
  codeOf,
  csrfOf,
  openSigningIn,
  post,
  type RunningCell,
  signIn,
  startCell,
  TENANT,
} from '../support/running-cell.ts';

let running: RunningCell;
beforeAll(async () => {
  running = await startCell();
});
afterAll(() => running.close());

describe('The consent page', () => {
  it('shows site, purpose, recipient and masked values, and ticks nothing', async () => {
    const { html } = await atConsentPage(running);
    expect(html).toContain('Choose what to share with <bdi>Shop A</bdi>');
    expect(html).toContain('http://shop-a.test');
    expect(html).toContain('To send you what you bought.');
    expect(html).toContain('Shop A and its carrier');
    expect(html).toContain('s•••@example.test');
    expect(html).not.toContain('sample.amber@example.test');
    expect(html).not.toContain('Honey Lane');
    expect(html.match(/<input type="checkbox"/g)).toHaveLength(2);
    expect(html).not.toMatch(/<input type="checkbox"[^>]*checked/);
    expect(html).not.toContain('<script');
  });

  it('shares what was ticked and hands the decision to the core', async () => {
    const { browser, subjectId, interactionId, url, csrf } = await atConsentPage(running);
    const answer = await post(browser, `${url}/consent`, share(csrf));
    expect(answer.status).toBe(303);
    const end = new URL(answer.headers.get('location') ?? '');
    expect(end.origin).toBe(CORE);
    expect(await running.cell.readOutcome({ tenantId: TENANT, interactionId, code: codeOf(end) })).toEqual({
      result: 'consent_decided',
      subjectId,
      granted: ['contact:email'],
      denied: ['address:shipping'],
    });
    await withdrawAll(running, subjectId);
  });

  it('takes one click to decline, and «share» with nothing ticked is the same', async () => {
    for (const fields of [{ decision: 'none', attribute: 'contact:email' }, { decision: 'share' }]) {
      const { browser, subjectId, interactionId, url, csrf } = await atConsentPage(running);
      const answer = await post(browser, `${url}/consent`, { csrf, ...fields });
      const code = codeOf(new URL(answer.headers.get('location') ?? ''));
      const outcome = await running.cell.readOutcome({ tenantId: TENANT, interactionId, code });
      expect(outcome).toMatchObject({ granted: [], denied: ['address:shipping', 'contact:email'] });
      await withdrawAll(running, subjectId);
    }
  });

  it('keeps the first answer when the form is sent twice, and both ways lead back to the site', async () => {
    const { browser, subjectId, interactionId, url, csrf } = await atConsentPage(running);
    const [first, second] = await Promise.all([
      post(browser, `${url}/consent`, share(csrf)),
      post(browser, `${url}/consent`, share(csrf)),
    ]);
    expect([first.status, second.status]).toEqual([303, 303]);
    const codes = [first, second].map((one) => codeOf(new URL(one.headers.get('location') ?? '')));
    const read = await Promise.allSettled(
      codes.map((code) => running.cell.readOutcome({ tenantId: TENANT, interactionId, code })),
    );
    const outcomes = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(outcomes).toEqual([expect.objectContaining({ granted: ['contact:email'] })]);
    const [events] = await running.database.admin.query<{ count: number }>(
      `select count(*)::int as count from cell.consent_events where attribute = 'contact:email' and change = 'renewed'`,
    );
    expect(events?.count).toBe(0);
    await withdrawAll(running, subjectId);
  });

  it('shows a name full of markup and direction overrides as plain, harmless text', async () => {
    const browser = new Browser();
    const subjectId = await signIn(running, browser);
    const name = '\u202eknaB <script>alert(1)</script>\u2066"><img src=x>';
    const site = { siteId: 'shop-x', name, origin: 'http://shop-x.test' };
    const { url } = await beginConsent(running, subjectId, { site });
    const html = await (await browser.fetch(url)).text();
    expect(html).not.toMatch(/<script|<img|[\u202a-\u202e\u2066-\u2069]/);
    expect(html).toContain('knaB &#60;script&#62;');
  });

  it('never shows one person’s data to another: it asks whether this is the right person', async () => {
    const amber = await signIn(running, new Browser(), 'amber');
    const browser = new Browser();
    await signIn(running, browser, 'birch');
    const { url, interactionId } = await beginConsent(running, amber);
    const html = await (await browser.fetch(url)).text();
    expect(html).toContain('Not you?');
    expect(html).not.toContain('checkbox');
    const forced = await post(browser, `${url}/consent`, share(csrfOf(html)));
    expect(forced.status).toBe(403);
    const cancelled = await post(browser, `${url}/cancel`, { csrf: csrfOf(html) });
    const code = codeOf(new URL(cancelled.headers.get('location') ?? ''));
    const outcome = await running.cell.readOutcome({ tenantId: TENANT, interactionId, code });
    expect(outcome).toEqual({ result: 'cancelled', reason: 'other_person' });
  });

  it('lets the person switch to the right account and carry on', async () => {
    const amber = await signIn(running, new Browser(), 'amber');
    const browser = new Browser();
    await signIn(running, browser, 'birch');
    const { url } = await beginConsent(running, amber);
    const csrf = csrfOf(await (await browser.fetch(url)).text());
    const away = await post(browser, `${url}/switch`, { csrf });
    const { response } = await openSigningIn(browser, away.headers.get('location') ?? '', 'amber');
    expect(await response.text()).toContain('Choose what to share with');
  });

  it('signs in first when nobody is signed in at the cell', async () => {
    const subjectId = await signIn(running, new Browser());
    const { url } = await beginConsent(running, subjectId);
    const { response } = await openSigningIn(new Browser(), url);
    expect(await response.text()).toContain('Choose what to share with');
  });
});

describe('My data', () => {
  it('signs in first, then shows friendly pages to somebody without sites or consents', async () => {
    running.core.sites = [];
    const { response, url } = await openSigningIn(new Browser(), `${running.url}/account`, 'birch');
    expect(url.pathname).toBe('/account');
    const html = await response.text();
    expect(html).toContain('No connected sites yet');
    expect(html).toContain('S••• P••• B•••');
  });

  it('shows what a site may read and why, and stops that with one click, once', async () => {
    const { browser, subjectId, url, csrf } = await atConsentPage(running);
    await post(browser, `${url}/consent`, share(csrf, 'address:shipping'));
    const at = new Date();
    running.core.sites = [
      { siteId: 'shop-a', name: 'Shop A', origin: 'http://shop-a.test', connectedAt: at, lastSignInAt: at },
    ];
    const account = await (await browser.fetch(`${running.url}/account`)).text();
    expect(account).toContain('Delivery address');
    expect(account).toContain('To send you what you bought.');
    const action = /action="(\/account\/consents\/con_[a-z2-7]{26}\/withdraw)"/.exec(account)?.[1];
    const form = { csrf: csrfOf(account) };
    const first = await post(browser, `${running.url}${action}`, form);
    expect(first.headers.get('location')).toBe('/account?done=stopped');
    const second = await post(browser, `${running.url}${action}`, form);
    expect(second.headers.get('location')).toBe('/account?done=already');
    expect(await running.cell.liveConsents({ tenantId: TENANT, subjectId, siteId: 'shop-a' })).toEqual([]);
    const after = await (await browser.fetch(`${running.url}/account?done=stopped`)).text();
    expect(after).toContain('Sharing is stopped.');
    expect(after).toContain('You stopped sharing <bdi>Delivery address</bdi> with <bdi>Shop A</bdi>');
  });

  it('still lists and stops sharing while the core is away', async () => {
    const { browser, subjectId, url, csrf } = await atConsentPage(running);
    await post(browser, `${url}/consent`, share(csrf));
    running.core.away = true;
    const account = await (await browser.fetch(`${running.url}/account`)).text();
    expect(account).toContain('The list of sites cannot be loaded right now');
    const answer = await post(browser, `${running.url}/account/sites/shop-a/withdraw`, {
      csrf: csrfOf(account),
    });
    running.core.away = false;
    expect(answer.status).toBe(303);
    expect(await running.cell.liveConsents({ tenantId: TENANT, subjectId, siteId: 'shop-a' })).toEqual([]);
  });

  it('refuses to stop, or to sign out, without the token of the session', async () => {
    const browser = new Browser();
    await signIn(running, browser);
    for (const path of [
      '/account/sites/shop-a/withdraw',
      `/account/consents/con_${'a'.repeat(26)}/withdraw`,
      '/account/sign-out',
    ]) {
      expect((await post(browser, `${running.url}${path}`, {})).status).toBe(403);
    }
    expect((await browser.fetch(`${running.url}/account`)).status).toBe(200);
  });

  it('signs out here and goes on to sign out at the upstream', async () => {
    const browser = new Browser();
    await signIn(running, browser);
    const csrf = csrfOf(await (await browser.fetch(`${running.url}/account`)).text());
    const answer = await post(browser, `${running.url}/account/sign-out`, { csrf });
    expect(answer.headers.get('location')).toContain(`${running.issuer}/session/end`);
    expect((await browser.fetch(`${running.url}/account`)).status).toBe(303);
  });
});

describe('An address that is none', () => {
  it('is a page for people and a problem for programs', async () => {
    const ask = (accept: string) => fetch(`${running.url}/acount`, { headers: { accept } });
    const page = await ask('text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('There is nothing here');
    const problem = await ask('*/*');
    expect([problem.status, await problem.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found' }),
    ]);
  });
});
