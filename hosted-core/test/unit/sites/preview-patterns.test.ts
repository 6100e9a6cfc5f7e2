import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPreviewPatterns, isPreviewOf } from '../../../src/core/sites/preview-patterns.ts';
import { NO_PREVIEWS, PREVIEWED_SITE } from '../../support/preview-addresses.ts';

describe('a preview pattern', () => {
  it.each([
    'https://*--shop.netlify.app',
    'https://pr-*--shop.netlify.app',
    'https://*-acme-team.vercel.app',
    'https://*.shop.pages.dev',
    'https://*.preview.shop.example',
    'https://*.shop.co.uk',
    'http://*.localhost:3000',
    'http://*.localhost',
  ])('may be %s', (pattern) => expect(() => checkPreviewPatterns([pattern])).not.toThrow());

  it.each([
    ['everything', 'https://*'],
    ['all of a top-level domain', 'https://*.com'],
    ['all of a public suffix', 'https://*.co.uk'],
    ['all of a public suffix, by a label that anybody may register', 'https://*-shop.co.uk'],
    ['all of a top-level domain, by a label that anybody may register', 'https://*--shop.com'],
    ['all of a shared host', 'https://*.netlify.app'],
    ['all of another shared host', 'https://*.vercel.app'],
    ['a shared host, with its own part in front', 'https://shop-*.netlify.app'],
    ['a shared host, with too little of its own', 'https://*-a.netlify.app'],
    ['a shared host, with an own part that no hyphen sets apart', 'https://*shop.netlify.app'],
    ['two stars', 'https://*-*.shop.example'],
    ['a star in the middle', 'https://pr.*.shop.example'],
    ['a star over several labels', 'https://**.shop.example'],
    ['no star', 'https://pr-1.shop.example'],
    ['plain http', 'http://*.shop.example'],
    ['http to another machine by a name like localhost', 'http://*.localhost.shop.example'],
    ['another scheme', 'javascript://*.shop.example'],
    ['a port with https', 'https://*.shop.example:8443'],
    ['a path', 'https://*.shop.example/callback'],
    ['a slash', 'https://*.shop.example/'],
    ['credentials', 'https://u:p@*.shop.example'],
    ['a query', 'https://*.shop.example?x'],
    ['upper case', 'https://*.Shop.example'],
    ['other scripts', 'https://*.шоп.example'],
    ['other scripts, encoded, in the label', 'https://xn--*.shop.example'],
    ['an address', 'https://*.0.0.1'],
    ['a dot at the end', 'https://*.shop.example.'],
    ['an empty label', 'https://*..shop.example'],
    ['a blank', 'https://*.shop.example '],
    ['a line feed', 'https://*.shop.example\n'],
    ['nothing', ''],
  ])('may not be %s', (_what, pattern) =>
    expect(() => checkPreviewPatterns([pattern])).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    ),
  );

  it('comes in tens at the most', () => {
    const patterns = Array.from({ length: 11 }, (_none, at) => `https://*.p${at}.shop.example`);
    expect(() => checkPreviewPatterns(patterns.slice(1))).not.toThrow();
    expect(() => checkPreviewPatterns(patterns)).toThrow(/10 patterns/);
  });
});

describe('an address is one of a preview', () => {
  it.each([
    'https://pr-123--shop.preview.example/userref/callback',
    'https://a--shop.preview.example/userref/callback',
    'https://a--b--shop.preview.example/other?x=1',
    'http://pr-1.localhost:3000/userref/callback',
  ])('when it is %s', (uri) => expect(isPreviewOf(uri, PREVIEWED_SITE)).toBe(true));

  it.each(NO_PREVIEWS)('and not when it has %s', (_what, uri) =>
    expect(isPreviewOf(uri, PREVIEWED_SITE)).toBe(false),
  );

  it('never when the site has no pattern', () => {
    const site = { ...PREVIEWED_SITE, previewPatterns: [] };
    expect(isPreviewOf('https://pr-1--shop.preview.example/userref/callback', site)).toBe(false);
  });

  it('only when every reader of addresses finds the same host below the same parent', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'https://',
        'pr-1',
        '--shop.preview.example',
        '/userref/callback',
        '@',
        ':443',
        '.',
        '\\',
        '%2e',
        '#',
        '?',
        '/',
      ),
      fc.string({ maxLength: 3, unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const uri = parts.join('');
        if (!isPreviewOf(uri, PREVIEWED_SITE)) return;
        const { href, origin, hostname } = new URL(uri);
        expect([href, `${origin}/userref/callback`]).toEqual([uri, uri]);
        expect(hostname).toMatch(/^[a-z0-9-]+--shop\.preview\.example$/);
      }),
      { numRuns: 20_000 },
    );
  });
});
