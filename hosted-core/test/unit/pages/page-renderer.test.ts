import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consentPage } from '../../../src/cell/pages/consent-page.ts';
import { PageCookies } from '../../../src/cell/pages/cookies.ts';
import { inert } from '../../../src/cell/pages/inert-text.ts';
import { translatorFor } from '../../../src/cell/pages/messages/translator.ts';
import { PageRenderer } from '../../../src/cell/pages/page-renderer.ts';

const EVIL = '"><script>alert(1)</script>\u202e<img src=x onerror=alert(2)>';
const PAGES = new URL('../../../src/cell/pages/', import.meta.url);
const pages = new PageRenderer({
  operator: { name: 'Test operator' },
  cookies: new PageCookies('https://cell.test'),
});

function evilConsent(locale: 'en' | 'ru' | 'ar') {
  const t = translatorFor(locale);
  const data = consentPage({
    interactionId: 'abc"><b>',
    site: { siteId: 'shop-x', name: EVIL, origin: `http://shop.test/${EVIL}` },
    ask: {
      attributes: ['profile:name'],
      purpose: {
        purposeId: 'p',
        version: 1,
        maxDurationDays: 3,
        texts: { en: { title: EVIL, description: EVIL, recipients: EVIL } },
      },
    },
    own: [{ attribute: 'profile:name', value: EVIL, source: 'upstream' }],
    decisions: [],
    csrf: 'token',
    t,
    now: new Date('2026-11-22T12:00:00Z'),
  });
  return pages.html({
    template: 'consent',
    title: inert(EVIL),
    t,
    data,
    narrow: true,
    path: '/interaction/abc',
  });
}

describe('A page', () => {
  it.each(['en', 'ru', 'ar'] as const)(
    'in %s makes nothing of markup and direction controls in any text',
    (locale) => {
      const html = evilConsent(locale);
      expect(html).not.toMatch(/<script|<img|onerror=alert\(2\)>|<b>/i);
      expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    },
  );

  it('offers only durations within the limit of the purpose', () => {
    const html = evilConsent('en');
    expect(html.match(/name="duration"/g)).toHaveLength(1);
    expect(html).toContain('November 25, 2026');
  });
});

describe('Templates and stylesheet', () => {
  const templates = readdirSync(new URL('templates/', PAGES)).map((name) =>
    readFileSync(new URL(`templates/${name}`, PAGES), 'utf8'),
  );

  it('have no script, no inline style and nothing from elsewhere, so that the strict policy holds', () => {
    for (const text of templates) {
      expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|<style|javascript:|(src|href)="https?:/i);
    }
  });

  it('put raw output only where our own escaping functions made it', () => {
    const raw = templates.flatMap((text) =>
      [...text.matchAll(/<%~\s*([^%]+?)\s*%>/g)].map(([, code]) => code ?? ''),
    );
    expect(raw.length).toBeGreaterThan(5);
    for (const code of raw)
      expect(code).toMatch(
        /^(it\.t\.html\(|include\(|it\.body$|entry\.sentence$|one\.sentence$|it\.reference$)/,
      );
  });

  it('use logical properties only, so that nothing is wrong from right to left', () => {
    const css = readFileSync(new URL('assets/userref.css', PAGES), 'utf8');
    expect(css).not.toMatch(
      /\b(margin|padding|border)-(left|right|top|bottom)\b|[\s;](left|right|width|height):|text-align:\s*(left|right)|float:/,
    );
  });
});

describe('test mode', () => {
  const pageOf = (mode?: 'live' | 'test') => {
    const operator = { name: 'Test operator' };
    const renderer = new PageRenderer({
      operator,
      cookies: new PageCookies('https://cell.test'),
      mode,
    });
    const t = translatorFor('de');
    return renderer.html({
      template: 'message',
      title: 'x',
      t,
      data: { text: 'x', links: [] },
      path: '/x',
    });
  };

  it('is said on every page, in its language, and live pages say nothing of it', () => {
    expect(pageOf('test')).toContain('<p class="mode" role="note">Dies ist ein Testdienst.');
    expect(pageOf('live')).not.toContain('class="mode"');
    expect(pageOf()).not.toContain('class="mode"');
  });
});
