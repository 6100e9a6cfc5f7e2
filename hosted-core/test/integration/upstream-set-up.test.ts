import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check, setUp } from '../../src/cell/upstream/set-up/logto-desk.ts';
import { type FakeLogto, noteDelivery, startFakeLogto } from '../support/fake-logto/fake-logto.ts';
import { runCli } from '../support/upstream-cli.ts';

const CELL = 'https://eu.id.example.test';
let logto: FakeLogto;
beforeEach(async () => {
  logto = await startFakeLogto();
});
afterEach(() => logto.stop());

const bootstrap = () => ({ endpoint: logto.origin, cellUrl: CELL, ...logto.bootstrap });

async function settings() {
  const { signIn, management, webhookKey } = await setUp(bootstrap());
  return {
    ...{ issuer: logto.issuer, ...signIn, webhookKeys: [webhookKey] },
    management: { ...management, onDeleted: 'erase', reconcileEverySeconds: 900, requestsPerSecond: 100 },
  } as const;
}

describe('Setting up a fresh Logto', () => {
  it('registers everything once, however often it runs', async () => {
    const first = await setUp(bootstrap());
    expect(first.done).toHaveLength(4);
    const second = await setUp(bootstrap());
    expect(second).toEqual({ ...first, done: [] });
    expect(logto.state.applications.size).toBe(3);
    expect(logto.state.hooks.size).toBe(1);
  });

  it('leaves a Logto that the check finds nothing wrong with', async () => {
    expect((await check(await settings(), CELL)).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('mends what was changed, and keeps ids and secrets', async () => {
    const first = await setUp(bootstrap());
    const application = logto.state.applications.get(first.signIn.clientId);
    application?.oidcClientMetadata.redirectUris.splice(0);
    const [hook] = logto.state.hooks.values();
    hook?.events.pop();
    const second = await setUp(bootstrap());
    expect(second.done).toHaveLength(2);
    expect(second.signIn).toEqual(first.signIn);
    expect((await setUp(bootstrap())).done).toEqual([]);
    expect(logto.state.hooks.size).toBe(1);
  });

  it('goes on where an earlier run broke off', async () => {
    const first = await setUp(bootstrap());
    logto.state.managers.delete(first.management.clientId);
    logto.state.hooks.clear();
    const second = await setUp(bootstrap());
    expect(second.done).toEqual([
      'gave it the role «Logto Management API access»',
      'created the webhook «Userref eu.id.example.test»',
    ]);
    expect((await setUp(bootstrap())).done).toEqual([]);
  });

  it('says which of two secrets is refused, and quotes neither', async () => {
    const wrong = setUp({ ...bootstrap(), clientSecret: 'a-wrong-secret' });
    await expect(wrong).rejects.toMatchObject({ cause: { kind: 'unauthorized' } });
    await expect(wrong).rejects.toThrow('--admin-endpoint');
    await expect(setUp({ ...bootstrap(), clientSecret: 'a-wrong-secret' })).rejects.not.toThrow(
      'a-wrong-secret',
    );
  });
});

function spoilApplications() {
  for (const one of logto.state.applications.values()) one.oidcClientMetadata.redirectUris.splice(0);
}

function spoilHooks() {
  for (const hook of logto.state.hooks.values()) hook.signingKey = 'another';
}

/** In the header that every HTTP answer has. */
function setClock(secondsAhead: number) {
  logto.faults.answer = ({ url }) =>
    url.pathname.endsWith('openid-configuration')
      ? {
          status: 200,
          headers: {
            'content-type': 'application/json',
            date: new Date(Date.now() + secondsAhead * 1000).toUTCString(),
          },
          body: JSON.stringify({ issuer: logto.issuer, jwks_uri: `${logto.issuer}/jwks` }),
        }
      : undefined;
}

function loseKeys() {
  logto.faults.answer = ({ url }) =>
    url.pathname === '/oidc/jwks' ? { status: 500, headers: {}, body: '' } : undefined;
}

function spoilSecrets() {
  for (const secrets of logto.state.secrets.values()) secrets.splice(0);
}

function loseDeliveries() {
  for (const { id } of logto.state.hooks.values())
    noteDelivery(logto.state, id, { body: '{"event":"User.Deleted"}', ok: false });
}

describe('The doctor', () => {
  it.each([
    ['client', () => spoilSecrets()],
    ['deliveries', () => loseDeliveries()],
    ['clock', () => setClock(120)],
    ['keys', () => loseKeys()],
    ['application', () => spoilApplications()],
    ['webhook', () => logto.state.hooks.clear()],
    ['webhook', () => spoilHooks()],
    ['management', () => logto.state.managers.clear()],
  ] as const)('finds what is wrong with the %s', async (name, spoil) => {
    const kept = await settings();
    spoil();
    const wrong = (await check(kept, CELL)).filter(({ ok }) => !ok).map((line) => line.check);
    expect(wrong).toContain(name);
  });

  it('of another provider says nothing of Logto’s own parts', async () => {
    const { management: _management, ...kept } = await settings();
    const lines = await check({ ...kept, preset: 'generic' }, CELL);
    expect(lines.map((line) => [line.check, line.ok])).toEqual(
      ['issuer', 'clock', 'keys', 'client', 'sign-out'].map((name) => [name, true]),
    );
  });

  it('says that Logto cannot be reached', async () => {
    const kept = await settings();
    await logto.stop();
    const [issuer] = await check(kept, CELL);
    expect(issuer).toMatchObject({ check: 'issuer', ok: false });
    await logto.restart();
  });
});

describe('userref-core upstream setup-logto', () => {
  it('writes the settings into a file for one reader, and no secret to the terminal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'userref-set-up-'));
    const [secretFile, out] = [join(folder, 'secret'), join(folder, 'upstream.env')];
    writeFileSync(secretFile, `${logto.bootstrap.clientSecret}\n`);
    const args = ['upstream', 'setup-logto', '--endpoint', logto.origin, '--cell-url', CELL];
    const result = await runCli([...args, '--client-secret-file', secretFile, '--out', out]);
    const written = readFileSync(out, 'utf8');
    expect(result.code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(written).toContain('USERREF_LOGTO_WEBHOOK_KEYS=');
    for (const [, secret = ''] of written.matchAll(/(?:SECRET|KEYS)=(.+)/g))
      expect(result.output).not.toContain(secret);
    rmSync(folder, { recursive: true });
  });

  it('replaces a file that others could read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'userref-set-up-'));
    const [secretFile, out] = [join(folder, 'secret'), join(folder, 'upstream.env')];
    writeFileSync(secretFile, logto.bootstrap.clientSecret);
    writeFileSync(out, 'what stood here before', { mode: 0o644 });
    const args = ['upstream', 'setup-logto', '--endpoint', `${logto.origin}/`, '--cell-url', CELL, '--json'];
    const result = await runCli([...args, '--client-secret-file', secretFile, '--out', out]);
    expect(JSON.parse(result.output)).toMatchObject({
      out,
      settings: expect.arrayContaining(['USERREF_UPSTREAM_ISSUER']),
    });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).not.toContain('what stood here before');
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['an address with /oidc', ['--endpoint', 'https://logto.example.test/oidc'], 2, 'Leave out the /oidc'],
    ['no address', ['--endpoint', 'logto.example.test'], 2, 'an address such as'],
    [
      'a file that is not there',
      ['--endpoint', 'https://logto.example.test'],
      1,
      'Write the client’s secret',
    ],
  ])('says what to do about %s', async (_what, wrong, code, words) => {
    const rest = ['--client-secret-file', '/nowhere/secret', '--cell-url', CELL, '--out', '/nowhere/out'];
    const result = await runCli(['upstream', 'setup-logto', ...wrong, ...rest]);
    expect(result.code).toBe(code);
    expect(result.output).toContain(words);
  });
});
