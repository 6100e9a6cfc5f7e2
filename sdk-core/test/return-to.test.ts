import { describe, expect, it } from 'vitest';
import { safeReturnTo } from '../src/login/return-to.ts';

const options = {
  baseUrl: 'https://shop.example',
  paths: {
    login: '/userref/login',
    callback: '/userref/callback',
    logout: '/userref/logout',
    webhook: '/userref/webhook',
    backchannelLogout: '/userref/backchannel-logout',
  },
};

const hostile: unknown[] = [
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%0d%0aSet-Cookie:x=y',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/%2fevil.example',
  '/%2F%2Fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/a/../..//evil.example',
  '/%2e//evil.example',
  '/%2e%2e//evil.example',
  '/a/%2e%2e//evil.example',
  '/.\t//evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'HTTPS://evil.example',
  'http://shop.example',
  'https://shop.example',
  'https://shop.example/checkout',
  'https://shop.example@evil.example',
  'https://shop.example.evil.example',
  '//shop.example@evil.example/',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,hello',
  'vbscript:x',
  'blob:https://shop.example/1',
  'file:///etc/passwd',
  'mailto:a@b.example',
  'evil.example',
  'checkout',
  './checkout',
  '../checkout',
  '?next=1',
  '#fragment',
  '@evil.example',
  ':80/',
  '/\u0000',
  '/\u0000/evil.example',
  '/\u001f',
  '/\u007f',
  '/a\u000bb',
  '/a\u2028b\u0000',
  '/checkout\r\nLocation: https://evil.example',
  '/userref/login',
  '/userref/login?return_to=/userref/login',
  '/userref/logout',
  '/userref/callback?code=1',
  '/userref/webhook',
  '/x/../userref/logout',
  '/./userref/login',
  `/${'a'.repeat(2048)}`,
  '',
  null,
  7,
  {},
  ['/checkout'],
  { toString: () => '/checkout' },
];

describe('the way back after a login', () => {
  it.each(hostile.map((payload) => [payload]))('refuses %j', (payload) => {
    expect(() => safeReturnTo(payload, options)).toThrow(
      expect.objectContaining({ code: 'return_to_rejected' }),
    );
  });

  it.each([
    ['/', '/'],
    ['/checkout', '/checkout'],
    ['/checkout?step=2&next=https://other.example/', '/checkout?step=2&next=https://other.example/'],
    ['/search?q=a%0Ab', '/search?q=a%0Ab'],
    ['/a/b/../c', '/a/c'],
    ['/a//b', '/a//b'],
    ['/a%2Fb', '/a%2Fb'],
    ['/orders#42', '/orders#42'],
    ['/@name', '/@name'],
    ['/caf\u00e9', '/caf%C3%A9'],
    ['/userref/login-help', '/userref/login-help'],
  ])('accepts %j as %j', (returnTo, expected) => {
    expect(safeReturnTo(returnTo, options)).toBe(expected);
  });

  it('goes to the start page when nothing was asked for', () => {
    expect(safeReturnTo(undefined, options)).toBe('/');
  });

  it('gives only what a browser reads as a path of this site', () => {
    for (const payload of hostile) {
      try {
        const accepted = safeReturnTo(payload, options);
        expect(new URL(accepted, options.baseUrl).origin).toBe(options.baseUrl);
      } catch (error) {
        expect(error).toMatchObject({ code: 'return_to_rejected' });
      }
    }
    expect(hostile.length).toBeGreaterThanOrEqual(70);
  });
});
