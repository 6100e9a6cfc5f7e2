import { describe, expect, it } from 'vitest';
import { safeReturnTo } from '../src/login/return-to.ts';
import { hostileReturnTo as hostile } from './support/hostile-return-to.ts';

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

  it('is short enough for a cookie, however it was written', () => {
    expect(safeReturnTo(`/${'a'.repeat(2047)}`, options)).toHaveLength(2048);
    for (const payload of [`/${'a'.repeat(2048)}`, `/${'\u00e9'.repeat(400)}`]) {
      expect(() => safeReturnTo(payload, options)).toThrow('return_to_rejected');
    }
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
    expect(hostile.length).toBeGreaterThanOrEqual(100);
  });
});
