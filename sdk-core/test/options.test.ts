import { describe, expect, it } from 'vitest';
import { createUserref, type UserrefOptions } from '../src/index.ts';

const good: UserrefOptions = {
  issuer: 'https://id.example.eu',
  site: 'shop-a',
  siteSecret: 'secret-of-the-site',
  baseUrl: 'https://shop.example',
  sessionSecret: 'a session secret with more than 32 characters',
};

function detailOf(options: object): string {
  try {
    createUserref(options as UserrefOptions);
    return 'accepted';
  } catch (error) {
    return (error as { code: string; detail: string }).detail;
  }
}

describe('options', () => {
  it('need no network: a core that does not exist is noticed at the first login', () => {
    expect(createUserref({ ...good, issuer: 'https://nowhere.invalid' }).baseUrl).toBe(
      'https://shop.example',
    );
  });

  it('are checked all at once, and every problem is named', () => {
    const detail = detailOf({
      issuer: 'id.example.eu',
      baseUrl: 'https://shop.example/app',
      sessionSecret: 'short',
    });
    for (const name of ['issuer', 'baseUrl', 'sessionSecret', 'site ', 'siteSecret'])
      expect(detail).toContain(name);
  });

  it('that are undefined are left out, as what an environment may lack', () => {
    const lacking: string | undefined = process.env.USERREF_NOT_SET;
    const options: UserrefOptions = {
      ...good,
      previewOrigin: lacking,
      webhookSecret: lacking,
      webhookPublicKey: lacking,
      afterLogout: lacking,
      paths: undefined,
      revocations: undefined,
      pinnedKeys: undefined,
      sessionTtlSeconds: undefined,
      clockToleranceSeconds: undefined,
      fetch: undefined,
      clock: undefined,
    };
    expect(detailOf(options)).toBe('accepted');
  });

  it('that are unknown are refused', () => {
    expect(detailOf({ ...good, clientId: 'x', paths: { signin: '/x' } })).toBe(
      'clientId is not an option; paths.signin is not an option',
    );
    expect(detailOf(null as never)).toBe('options must be an object');
  });

  it.each([
    'http://shop.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'ftp://localhost',
    'https://user@shop.example',
    'https://shop.example/#x',
    'https://shop.example/?a=b',
    '',
    7,
  ])('refuse the base address %j', (baseUrl) => {
    expect(detailOf({ ...good, baseUrl })).toContain('baseUrl must be');
  });

  it.each(['http://localhost:4010', 'http://127.0.0.1:4010', 'http://[::1]:4010', 'http://a.localhost:4010'])(
    'accept http on this machine: %s',
    (baseUrl) => {
      expect(detailOf({ ...good, baseUrl, issuer: 'http://localhost:4000' })).toBe('accepted');
    },
  );

  it.each([
    ['sessionSecret', ['a session secret with more than 32 characters', 'short']],
    ['sessionSecret', []],
    ['webhookSecret', 'whsec_short'],
    ['webhookSecret', `whsec_${btoa('only 16 bytes ok')}`],
    ['webhookSecret', btoa('0123456789abcdef0123456789abcdef')],
    ['webhookSecret', ''],
    ['sessionTtlSeconds', 59],
    ['sessionTtlSeconds', 3600.5],
    ['sessionTtlSeconds', '3600'],
    ['clockToleranceSeconds', 61],
    ['afterLogout', 'https://evil.example'],
    ['afterLogout', '//evil.example'],
    ['revocations', {}],
    ['fetch', 'fetch'],
    ['clock', new Date()],
    ['paths', { login: '/userref/callback' }],
    ['paths', { login: 'login' }],
    ['site', 'shop a'],
    ['site', 'shop"a'],
    ['siteSecret', ''],
  ])('refuse a bad %s: %j', (name, value) => {
    expect(detailOf({ ...good, [name]: value })).toMatch(new RegExp(`^${name}`));
  });

  it('never show a secret in their problems', () => {
    const secrets = {
      siteSecret: 'very secret\u0000',
      sessionSecret: 'very secret',
      webhookSecret: 'very secret',
    };
    expect(detailOf({ ...good, ...secrets })).not.toContain('very secret');
  });
});
