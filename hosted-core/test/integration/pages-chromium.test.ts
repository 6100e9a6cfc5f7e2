import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES, type Locale } from '../../src/cell/pages/messages/translator.ts';
import { noBrowser, openChromium, type RealBrowser, signInAt } from '../support/chromium.ts';
import { axeViolations, scrollsSideways, smallTargets } from '../support/page-checks.ts';
import { beginConsent, PURPOSE, type RunningCell, startCell, TENANT } from '../support/running-cell.ts';

const locales = Object.keys(LOCALES) as Locale[];
const NEW_WORDING = {
  ...PURPOSE,
  version: 2,
  maxDurationDays: 30,
  texts: {
    ...PURPOSE.texts,
    en: {
      ...PURPOSE.texts.en,
      title: 'Delivering your order',
      description: 'To send you what you bought and ask how it was.',
    },
  },
};

/** The numbered points of the design (U1–U25), as far as a browser has to look. */
describe.skipIf(noBrowser)('The pages in Chromium', () => {
  let cell: RunningCell;
  let browser: RealBrowser;
  let subjectId = '';

  beforeAll(async () => {
    cell = await startCell();
    cell.core.sites = [
      {
        siteId: 'shop-a',
        name: 'Shop A',
        origin: 'http://shop-a.test',
        connectedAt: new Date('2026-01-05'),
        lastSignInAt: new Date('2026-02-01'),
      },
    ];
    cell.core.userRefs.set('shop-a', `ppid_${'a'.repeat(26)}`);
    browser = await openChromium();
    await signInAt(browser.page, cell);
    const [person] = await cell.database.admin.query<{ subject_id: string }>(
      'select subject_id from cell.people',
    );
    subjectId = person?.subject_id ?? '';
  });
  afterAll(async () => {
    await browser?.close();
    await cell?.close();
  });
  afterEach(() => browser.page.emulateMedia({ colorScheme: 'light' }));

  async function openConsent(wish: Parameters<typeof beginConsent>[2] = {}, page = browser.page) {
    const { url } = await beginConsent(cell, subjectId, wish);
    await page.goto(url);
    return url;
  }

  async function outcomeOf(url: string) {
    const code = new URL(browser.page.url()).searchParams.get('code') ?? '';
    const interactionId = url.split('/').at(-1) ?? '';
    return cell.cell.readOutcome({ tenantId: TENANT, interactionId, code });
  }

  async function nothingDecided() {
    await cell.database.admin.query(
      `update cell.consents set state = 'withdrawn', withdrawn_at = now() where state in ('granted', 'denied')`,
    );
  }

  /** Shares the e-mail address, and stands on My data. */
  async function shareEmail(wish: Parameters<typeof beginConsent>[2] = {}) {
    await nothingDecided();
    await openConsent(wish);
    await browser.page.getByLabel('E-mail address').check();
    await browser.page.getByRole('button', { name: 'Share selected' }).click();
    await browser.page.waitForURL('http://core.test/**');
    await browser.page.goto(`${cell.url}/account`);
  }

  describe('the consent page', () => {
    it('U1 ticks nothing beforehand, in the source and on the screen', async () => {
      await openConsent();
      const boxes = browser.page.getByRole('checkbox');
      expect(await boxes.count()).toBe(2);
      const source = await (await browser.context.request.get(browser.page.url())).text();
      expect(source).not.toMatch(/<input type="checkbox"[^>]*checked/);
      expect(await browser.page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    });

    it.each(['light', 'dark'] as const)(
      'U2 gives both answers the same size, weight and colours (%s)',
      async (colorScheme) => {
        await browser.page.emulateMedia({ colorScheme });
        for (const width of [320, 700, 1200]) {
          await browser.page.setViewportSize({ width, height: 900 });
          await openConsent();
          const [deny, allow] = await browser.page.locator('button[name=decision]').evaluateAll((buttons) =>
            buttons.map((button) => {
              const { width: w, height: h } = button.getBoundingClientRect();
              const { fontWeight, fontSize, color, backgroundColor, borderColor, opacity } =
                getComputedStyle(button);
              return { w, h, fontWeight, fontSize, color, backgroundColor, borderColor, opacity };
            }),
          );
          expect(deny).toEqual(allow);
          expect(deny?.h).toBeGreaterThanOrEqual(48);
        }
        await browser.page.setViewportSize({ width: 1000, height: 900 });
      },
    );

    it('U3 takes a no with one click, and the login goes on', async () => {
      await nothingDecided();
      const url = await openConsent();
      await browser.page.getByRole('button', { name: 'Continue without sharing' }).click();
      await browser.page.waitForURL('http://core.test/**');
      const outcome = {
        result: 'consent_decided',
        granted: [],
        denied: ['address:shipping', 'contact:email'],
      };
      expect(await outcomeOf(url)).toMatchObject(outcome);
    });

    it('U4 takes a yes with nothing ticked for a no, without an error', async () => {
      await nothingDecided();
      const url = await openConsent();
      await browser.page.getByRole('button', { name: 'Share selected' }).click();
      await browser.page.waitForURL('http://core.test/**');
      expect(await outcomeOf(url)).toMatchObject({ result: 'consent_decided', granted: [] });
    });

    it('U5 ties label, masked value, purpose and recipient to each box', async () => {
      await openConsent();
      const described = await browser.page.getByLabel('E-mail address').evaluate((box) =>
        (box.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' '),
      );
      expect(described).toContain('s•••@example.test');
      expect(described).toContain('To send you what you bought.');
      expect(described).toContain('Shop A and its carrier');
      expect(described).not.toContain('sample.amber');
    });

    it('U6 shows each end as a date and lets the person choose it', async () => {
      await openConsent();
      const choices = browser.page.locator('input[name=duration]');
      expect(await choices.count()).toBe(3);
      const labels = await browser.page.locator('.durations').first().innerText();
      expect(labels.match(/\d{4}/g)).toHaveLength(3);
    });

    it('U7 shows name and origin; HTML and direction marks in names and texts do nothing', async () => {
      const evil = '<img src=x onerror=alert(1)>\u202Egro.live';
      const texts = { en: { title: evil, description: evil, recipients: evil } };
      await openConsent({
        site: { siteId: 'shop-a', name: evil, origin: 'http://shop-a.test' },
        ask: { attributes: ['contact:email'], purpose: { ...PURPOSE, purposeId: 'evil', texts } },
      });
      expect(await browser.page.locator('main img').count()).toBe(0);
      const text = await browser.page.locator('main').innerText();
      expect(text).toContain('<img src=x onerror=alert(1)>gro.live');
      expect(text).not.toContain('\u202E');
      expect(text).toContain('http://shop-a.test');
    });

    it('U9 asks again under a new wording and shows what changed, not by colour alone', async () => {
      await shareEmail();
      await openConsent({ ask: { attributes: ['contact:email'], purpose: NEW_WORDING } });
      const note = browser.page.getByRole('region', { name: 'What changed since you agreed' });
      expect((await note.locator('ins').allTextContents()).map((text) => text.trim())).toEqual([
        'added: bought and ask how it was.',
        'added: 30',
      ]);
      expect((await note.locator('del').allTextContents()).map((text) => text.trim())).toEqual([
        'removed: bought.',
        'removed: 180',
      ]);
      const marks = await note
        .locator('del, ins')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).textDecorationLine));
      expect(new Set(marks)).toEqual(new Set(['line-through', 'underline']));
      expect(await axeViolations(browser.page)).toEqual([]);
    });

    it('U22 asks nobody to type anything', async () => {
      await openConsent();
      expect(await browser.page.locator('input[type=text], input:not([type]), textarea').count()).toBe(0);
    });

    it('takes no click in the moment in which it appears, and no single click shares anything', async () => {
      await nothingDecided();
      const url = await openConsent();
      const button = browser.page.getByRole('button', { name: 'Share selected' });
      const guard = () =>
        button.evaluate((one) => getComputedStyle(one.parentElement ?? one, '::after').visibility);
      // Its moment is over by the time that a busy machine looks: it is held, and let go.
      await browser.page.evaluate(() => {
        for (const moment of document.getAnimations()) {
          moment.currentTime = 0;
          moment.pause();
        }
      });
      expect(await guard()).toBe('visible');
      await browser.page.evaluate(() => {
        for (const moment of document.getAnimations()) moment.play();
      });
      await expect.poll(guard).toBe('hidden');
      await button.click();
      await browser.page.waitForURL('http://core.test/**');
      expect(await outcomeOf(url)).toMatchObject({ granted: [] });
    });

    it('lets the keyboard answer at once', async () => {
      await openConsent();
      await browser.page.getByRole('button', { name: 'Continue without sharing' }).focus();
      await browser.page.keyboard.press('Enter');
      await browser.page.waitForURL('http://core.test/**');
    });
  });

  describe('My data', () => {
    it('U12 takes no more clicks to withdraw than to grant', async () => {
      let clicks = 0;
      const click = async (name: string | RegExp) => {
        clicks += 1;
        await browser.page.getByRole('button', { name }).first().click();
      };
      await nothingDecided();
      await openConsent();
      await browser.page.getByLabel('E-mail address').check();
      clicks += 1;
      await click('Share selected');
      await browser.page.waitForURL('http://core.test/**');
      const granting = clicks;
      await browser.page.goto(`${cell.url}/account`);
      clicks = 0;
      await click(/Stop sharing.*E-mail address.*Shop A/);
      await browser.page.waitForURL('**/account?done=stopped');
      expect(clicks).toBeLessThanOrEqual(granting);
      expect(await browser.page.getByRole('status').innerText()).toContain('Sharing is stopped');
    });

    it('changes how long something is shared', async () => {
      await shareEmail();
      const before = await browser.page.locator('dl.facts.columns').first().innerText();
      await browser.page.getByRole('link', { name: /Change.*E-mail address.*Shop A/ }).click();
      await browser.page.getByLabel(/Until I stop/).check();
      await browser.page.getByRole('button', { name: 'Save' }).click();
      await browser.page.waitForURL('**/account?done=changed');
      expect(await browser.page.locator('dl.facts.columns').first().innerText()).not.toBe(before);
    });

    it('U10 gives a receipt right after the choice, when the person wants it', async () => {
      await nothingDecided();
      await openConsent();
      await browser.page.getByLabel('E-mail address').check();
      await browser.page.getByLabel('Show me my receipt first').check();
      await browser.page.getByRole('button', { name: 'Share selected' }).click();
      const [file] = await Promise.all([
        browser.page.waitForEvent('download'),
        browser.page.getByRole('link', { name: 'Download receipt' }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^consent-receipt-rcp_[a-z2-7]{26}\.jwt$/);
      await browser.page.getByRole('link', { name: /Continue to/ }).click();
      await browser.page.waitForURL('http://core.test/**');
    });

    it('filters the activity by site and kind', async () => {
      await shareEmail();
      await browser.page.goto(`${cell.url}/account/activity`);
      await browser.page.getByLabel('What happened').selectOption('granted');
      await browser.page.getByRole('button', { name: 'Show' }).click();
      const rows = await browser.page.locator('.rows > li').allInnerTexts();
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toContain('You share');
    });

    it('lists where the person is signed in, and signs out there', async () => {
      const other = await openChromium();
      await signInAt(other.page, cell);
      await browser.page.goto(`${cell.url}/account/security`);
      await browser.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
      await browser.page.waitForURL('**/account/security?done=signed_out');
      expect(await browser.page.getByText('Another browser').count()).toBe(0);
      const left = await cell.database.admin.query('select 1 from cell.account_sessions');
      expect(left.length).toBe(1);
      await other.close();
    });
  });

  /** Every page, with something on it. */
  async function addresses(): Promise<Record<string, () => Promise<void>>> {
    await shareEmail();
    const change = await browser.page
      .getByRole('link', { name: /Change.*E-mail address.*Shop A/ })
      .getAttribute('href');
    const go = (path: string) => async () => void (await browser.page.goto(`${cell.url}${path}`));
    return {
      consent: async () => {
        await openConsent({
          ask: { attributes: ['contact:email', 'address:shipping'], purpose: NEW_WORDING },
        });
      },
      'my data': go('/account'),
      error: go('/interaction/nobody-knows-this'),
      change: go(change ?? ''),
      disconnect: go('/account/sites/shop-a/disconnect'),
      activity: go('/account/activity'),
      receipts: go('/account/receipts'),
      security: go('/account/security'),
      'own value': go('/account/values/contact:phone'),
      'own address': go('/account/values/address:billing'),
      'download and delete': go('/account/export'),
      delete: go('/account/delete'),
      'signed out': go('/account/signed-out'),
    };
  }

  describe('all pages', () => {
    async function speak(locale: Locale) {
      await browser.page.goto(`${cell.url}/account/signed-out?lang=${locale}`);
    }
    afterAll(() => speak('en'));

    it.each(['light', 'dark'] as const)(
      'U18 have no axe violations in any language (%s)',
      async (colorScheme) => {
        const pages = await addresses();
        await browser.page.emulateMedia({ colorScheme });
        const found: unknown[] = [];
        for (const locale of locales) {
          await speak(locale);
          for (const name of Object.keys(pages)) {
            await pages[name]?.();
            const violations = await axeViolations(browser.page);
            if (violations.length > 0) found.push({ locale, name, violations });
            const root = browser.page.locator('html');
            const marks = [await root.getAttribute('lang'), await root.getAttribute('dir')];
            expect(marks, name).toEqual([locale, LOCALES[locale].direction]);
          }
        }
        await speak('en');
        expect(found).toEqual([]);
      },
      180_000,
    );

    it('U19 have targets of 24 pixels and more; U21 fit 320 pixels and 400 % zoom; U23 hold texts 40 % longer', async () => {
      const pages = await addresses();
      const found: unknown[] = [];
      for (const locale of ['en', 'de', 'he'] as const) {
        await browser.page.setViewportSize({ width: 320, height: 256 });
        await speak(locale);
        for (const [name, open] of Object.entries(pages)) {
          await open();
          const small = await smallTargets(browser.page);
          const wide = await scrollsSideways(browser.page);
          await browser.page.evaluate(lengthen);
          const longer = await scrollsSideways(browser.page);
          const clipped = await browser.page.evaluate(findClipped);
          if (small.length > 0 || wide || longer || clipped.length > 0)
            found.push({ locale, name, small, wide, longer, clipped });
        }
      }
      await speak('en');
      await browser.page.setViewportSize({ width: 1000, height: 900 });
      expect(found).toEqual([]);
    });

    it('U20 show where the focus is, and nothing covers it', async () => {
      const pages = await addresses();
      for (const [name, open] of Object.entries(pages)) {
        await open();
        const count = await browser.page
          .locator('a[href], button, input:not([type=hidden]), select, summary')
          .count();
        for (let step = 0; step < Math.min(count, 25); step += 1) {
          await browser.page.keyboard.press('Tab');
          const focus = await browser.page.evaluate(readFocus);
          if (focus) expect(focus, name).toMatchObject({ outlined: true, covered: false });
        }
      }
    });

    it('U24 weigh little, ask nobody else for anything, and are kept by nobody', async () => {
      const pages = await addresses();
      const foreign: string[] = [];
      browser.page.on('request', (request) => {
        if (!request.url().startsWith(cell.url)) foreign.push(request.url());
      });
      for (const [name, open] of Object.entries(pages)) {
        await open();
        const answer = await browser.context.request.get(browser.page.url());
        const page = gzipSync(await answer.body()).length;
        const css = await browser.page.locator('link[rel=stylesheet]').getAttribute('href');
        const style = gzipSync(await (await browser.context.request.get(`${cell.url}${css}`)).body()).length;
        expect(page + style, name).toBeLessThan(30 * 1024);
        const headers = answer.headers();
        expect(headers['cache-control'], name).toBe('no-store');
        expect(headers['referrer-policy'], name).toBe('no-referrer');
        expect(headers['content-security-policy'], name).toContain("default-src 'none'");
        expect(headers['content-security-policy'], name).toContain("frame-ancestors 'none'");
        expect(headers['content-security-policy'], name).not.toContain('script-src');
        expect(await browser.page.locator('script').count(), name).toBe(0);
      }
      browser.page.removeAllListeners('request');
      expect(foreign).toEqual([]);
    });
  });

  it('U17 all work with JavaScript off: consent, change, stop', async () => {
    const plain = await openChromium({ javaScriptEnabled: false });
    await signInAt(plain.page, cell);
    await nothingDecided();
    await openConsent({}, plain.page);
    await plain.page.getByLabel('E-mail address').check();
    await plain.page.getByRole('button', { name: 'Share selected' }).click();
    await plain.page.waitForURL('http://core.test/**');
    await plain.page.goto(`${cell.url}/account`);
    await plain.page.getByText('Show values').click();
    expect(await plain.page.getByText('sample.amber@example.test').isVisible()).toBe(true);
    await plain.page.getByRole('button', { name: /Stop sharing.*E-mail address.*Shop A/ }).click();
    await plain.page.waitForURL('**/account?done=stopped');
    await plain.close();
  });

  it('U25 disconnecting asks for fresh credentials when the sign-in is old; U14 shows what became of it', async () => {
    await shareEmail();
    await cell.database.admin.query(
      `update cell.account_sessions set auth_time = auth_time - interval '11 minutes', created_at = created_at - interval '11 minutes'`,
    );
    await browser.page.getByRole('link', { name: /Disconnect/ }).click();
    expect(browser.page.url()).toContain('/sign-in/');
    await browser.page.locator('button[value=amber]').click();
    await browser.page.waitForURL('**/disconnect');
    await browser.page.getByRole('button', { name: 'Disconnect and erase' }).click();
    await browser.page.waitForURL('**/account?done=disconnected');
    const card = browser.page.getByRole('region', { name: 'Disconnected sites' });
    expect(await card.innerText()).toMatch(/Shop A[\s\S]*being told to erase/);
    expect(cell.core.disconnected).toMatchObject([{ subjectId, siteId: 'shop-a' }]);
    expect(await browser.page.getByText('May read', { exact: true }).count()).toBe(0);
  });
});

/** Makes every text 40 % longer, as other languages are. */
function lengthen(): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? '';
    if (text.trim() !== '') node.nodeValue = text + text.trim().slice(0, Math.ceil(text.trim().length * 0.4));
  }
}

/** Elements whose text does not fit into them. */
function findClipped(): string[] {
  return [...document.querySelectorAll('body *:not(.spoken)')]
    .filter((one) => getComputedStyle(one).overflow !== 'visible' && one.clientWidth > 0)
    .filter((one) => !one.matches('select, svg, input') && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120));
}

function readFocus() {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const guard = top?.matches('.actions') && top.contains(focused);
  return {
    outlined: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    covered: !(guard || (top && (focused.contains(top) || top.contains(focused)))),
  };
}
