import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startEmulatorSite } from '../support/emulator-site.ts';
import { runUserref } from '../support/userref-cli.ts';

const folder = inject('emulatorFolder');
const here = { cwd: folder, env: { PATH: process.env.PATH ?? '' } };
const json = async (...words: string[]) => {
  const { code, out } = await runUserref([...words, '--json'], here);
  return { code, ...JSON.parse(out) };
};

describe('userref types, against the real core', () => {
  it('writes what is registered, once', async () => {
    expect(await json('types')).toMatchObject({ code: 0, state: 'written', purposes: 1 });
    const text = readFileSync(join(folder, 'userref-site.d.ts'), 'utf8');
    expect(text).toContain(`'contact:email': AttributeValues['contact:email'];`);
    expect(text).toContain(`'order_delivery': true;`);
    expect(await json('types')).toMatchObject({ code: 0, state: 'current' });
  });

  it('--check writes nothing and ends with 1 where it is not there', async () => {
    const out = join(folder, 'other.d.ts');
    expect(await json('types', '--check', '--out', out)).toMatchObject({ code: 1, state: 'outdated' });
    expect(existsSync(out)).toBe(false);
  });

  it('says what to do about a wrong secret, without it', async () => {
    const env = { ...here.env, USERREF_SITE_SECRET: 'wrong-secret-of-somebody' };
    const { code, out, err } = await runUserref(['types'], { ...here, env });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('does not recognise'),
    });
    expect(err).not.toContain('wrong-secret');
  });
});

describe('GET /v1/site', () => {
  const asSite = (path: string, init: RequestInit = {}) => {
    const text = readFileSync(join(folder, '.env.local'), 'utf8');
    const secret = /USERREF_SITE_SECRET=(.+)/.exec(text)?.[1] ?? '';
    const pair = `${inject('emulator').site}:${encodeURIComponent(secret)}`;
    return fetch(inject('emulator').issuer + path, {
      ...init,
      headers: { authorization: `Basic ${btoa(pair)}` },
    });
  };

  it('answers the site alone', async () => {
    expect((await fetch(`${inject('emulator').issuer}/v1/site`)).status).toBe(401);
    const response = await asSite('/v1/site');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).not.toMatch(/secret/i);
  });

  it('lets a site test its endpoints one time after the other, and see only its own deliveries', async () => {
    const test = () => asSite('/v1/site/test-events', { method: 'POST' });
    const answers = await Promise.all([test(), test()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 429]);
    const unknown = await asSite(`/v1/site/deliveries?event_id=evt_${'a'.repeat(26)}`);
    expect(await unknown.json()).toEqual({ deliveries: [] });
    expect((await asSite('/v1/site/deliveries?event_id=x')).status).toBe(404);
  });
});

describe('userref doctor, against the real core', () => {
  type Finding = { check: string; state: string; says: string; fix?: string };
  const finding = (findings: Finding[], check: string) => findings.find((one) => one.check === check);

  it('finds a site that does not run, and says so', async () => {
    await new Promise((done) => setTimeout(done, 2_100));
    const { code, findings } = await json('doctor');
    expect(code).toBe(1);
    expect(finding(findings, 'webhooks')).toMatchObject({
      state: 'bad',
      fix: expect.stringContaining('Start'),
    });
  });

  describe('with the site running', () => {
    let site: Awaited<ReturnType<typeof startEmulatorSite>>;
    beforeAll(async () => {
      await new Promise((done) => setTimeout(done, 2_100));
      site = await startEmulatorSite(folder);
    });
    afterAll(() => site.close());

    it('finds nothing bad, and the test event arrives', async () => {
      const { code, findings } = await json('doctor');
      expect(findings.filter(({ state }: Finding) => state === 'bad')).toEqual([]);
      expect(code).toBe(0);
      expect(findings.find(({ says }: Finding) => /reached .+: 204/.test(says))).toBeDefined();
      for (const check of ['issuer', 'clock', 'keys', 'cell', 'registration', 'redirects']) {
        expect([check, finding(findings, check)?.state]).toEqual([check, 'good']);
      }
    });

    it.each([
      ['an issuer that calls itself otherwise', { USERREF_ISSUER: '127.0.0.1' }, 'issuer'],
      [
        'a base URL whose callback is not registered',
        { USERREF_BASE_URL: 'http://localhost:1' },
        'redirects',
      ],
      [
        'a wrong site secret',
        { USERREF_SITE_SECRET: 'Zx8Cv7Bn6Mq5Wl4Ek3Rj2Th1Yg0Uf9Id8Os7Pa6' },
        'registration',
      ],
    ])('finds %s', async (_what, change, check) => {
      const issuer = inject('emulator').issuer.replace('localhost', '127.0.0.1');
      const env = { ...here.env, ...change, ...('USERREF_ISSUER' in change && { USERREF_ISSUER: issuer }) };
      const { code, out } = await runUserref(['doctor', '--no-test', '--json'], { ...here, env });
      expect([code, finding(JSON.parse(out).findings, check)?.state]).toEqual([1, 'bad']);
      expect(out).not.toContain('Zx8Cv7');
    });
  });
});
