import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { checkSettings } from '../../cli/doctor/check-settings.ts';
import { checkVersions } from '../../cli/doctor/check-versions.ts';
import { readSiteSettings } from '../../cli/site/site-settings.ts';
import { temporaryFolder, userref } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const GOOD = {
  USERREF_ISSUER: 'https://id.example.eu',
  USERREF_SITE: 'shop',
  USERREF_SITE_SECRET: 'uV3k-7Wq_2mX9tRz4LpY6sBn8cDf1gHj0aKeQwEr',
  USERREF_BASE_URL: 'https://shop.example',
  USERREF_SESSION_SECRET: 'Zx8Cv7Bn6Mq5Wl4Ek3Rj2Th1Yg0Uf9Id8Os7Pa6',
  USERREF_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
};
const check = (env: Record<string, string | undefined>) =>
  checkSettings(readSiteSettings({ env: { ...GOOD, ...env }, cwd: folder.path }));

describe('the settings of a site', () => {
  it('are well when they are', () => {
    expect(check({}).filter(({ state }) => state !== 'good')).toEqual([]);
  });

  it.each([
    ['a missing issuer', { USERREF_ISSUER: undefined }, 'settings'],
    ['a short session secret', { USERREF_SESSION_SECRET: 'short' }, 'secrets'],
    [
      'a regular session secret',
      { USERREF_SESSION_SECRET: 'abcabcabcabcabcabcabcabcabcabcabcabc' },
      'secrets',
    ],
    [
      'a secret of an example',
      { USERREF_SESSION_SECRET: 'change-me-change-me-change-me-change-me!' },
      'secrets',
    ],
    ['one secret for both', { USERREF_SESSION_SECRET: GOOD.USERREF_SITE_SECRET }, 'secrets'],
    ['a base URL with a path', { USERREF_BASE_URL: 'https://shop.example/app' }, 'cookies'],
    ['http on another machine', { USERREF_BASE_URL: 'http://shop.example' }, 'cookies'],
    ['an issuer over http', { USERREF_ISSUER: 'http://id.example.eu' }, 'options'],
    ['a broken webhook secret', { USERREF_WEBHOOK_SECRET: 'whsec_no' }, 'options'],
  ])('%s is found, with what to do', (_what, env, name) => {
    const found = check(env).find(({ check: one, state }) => one === name && state === 'bad');
    expect(found?.fix).toMatch(/.{10}/);
  });

  it('are told without any secret', async () => {
    for (const secret of [
      'USERREF_SESSION_SECRET',
      'USERREF_SITE_SECRET',
      'USERREF_WEBHOOK_SECRET',
    ] as const) {
      const env = { ...GOOD, USERREF_ISSUER: 'http://127.0.0.1:9', [secret]: 'tell-nobody' };
      const { code, out, err } = await userref(['doctor', '--no-test', '--json'], { env, cwd: folder.path });
      expect(code).toBe(1);
      expect(out + err).not.toMatch(/tell-nobody|uV3k|Zx8Cv|whsec_C/);
    }
  });
});

describe('a core that refuses a part', () => {
  it('hides nothing of what else was found', async () => {
    const description = {
      ...{ site: 'shop', redirect_uris: [], post_logout_redirect_uris: [], attributes: [], purposes: [] },
      webhook_endpoints: [{ endpoint_id: 'a', kind: 'events', url: 'http://x', state: 'enabled', parked: 0 }],
    };
    const core = createServer((request, response) => {
      const isSite = request.url === '/v1/site';
      response.writeHead(isSite ? 200 : 429, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isSite ? description : { code: 'rate_limited' }));
    });
    await new Promise<void>((done) => core.listen(0, '127.0.0.1', done));
    const env = { ...GOOD, USERREF_ISSUER: `http://localhost:${(core.address() as AddressInfo).port}` };
    const { code, out } = await userref(['doctor'], { env, cwd: folder.path });
    core.close();
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/redirects[^\n]*not registered[\s\S]*webhooks[^\n]*429/),
    ]);
  });
});

describe('versions', () => {
  it.each([
    ['20.11.0', 'bad'],
    ['22.18.9', 'bad'],
    ['22.19.0', 'good'],
    ['26.0.0', 'good'],
  ])('Node %s is %s', (version, state) => {
    expect(checkVersions(folder.path, version)[0]).toMatchObject({ check: 'node', state });
  });
});
