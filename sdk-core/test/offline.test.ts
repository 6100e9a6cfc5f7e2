import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createUserref } from '../src/index.ts';
import { FakeCore } from '../testing/index.ts';
import { TestKeys } from '../testing/test-keys.ts';
import { codeOf, SESSION_SECRET, useTestSite } from './support/site.ts';

const { create } = useTestSite();
const script = fileURLToPath(new URL('./support/verify-offline.ts', import.meta.url));
const unshare = ['--net', '--map-root-user'];

/** A network namespace of one's own needs rights that some containers do not give. */
function mayUnshare(): boolean {
  try {
    execFileSync('unshare', [...unshare, 'true'], { stdio: 'pipe' });
    return true;
  } catch {
    process.stderr.write('skipped: unshare --net is not allowed here\n');
    return false;
  }
}

/** What a site keeps for the time without a network. */
async function kept(revoked: readonly number[]) {
  const core = new FakeCore();
  const keys = new TestKeys();
  const now = Math.floor(Date.now() / 1000);
  const uri = `${core.issuer}/status/abcdefghijklmnopqrstuvwxyz`;
  const bits = new Uint8Array(8);
  for (const index of revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  const lst = deflateSync(bits).toString('base64url');
  const list = {
    iss: core.issuer,
    sub: uri,
    iat: now,
    exp: now + 3600,
    ttl: 300,
    status_list: { bits: 1, lst },
  };
  const claims = {
    ...{ iss: core.issuer, aud: core.site, sub: core.person.userRef, user_ref: core.person.userRef },
    ...{ passport: { v: 1, consents: [], assurance_level: 'low' }, tenant: 'acme', site: core.site },
    ...{ sid: core.person.sid, auth_time: now, iat: now, exp: now + 600 },
    status: { status_list: { idx: 5, uri } },
  };
  const header = { alg: 'ES256', kid: 'es256' };
  const options = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
  return {
    uri,
    jwt: await keys.sign({ ...header, typ: 'JWT' }, claims),
    lists: [await keys.sign({ ...header, typ: 'statuslist+jwt' }, list)],
    options: { ...options, pinnedKeys: await keys.jwks() },
    userRef: core.person.userRef,
  };
}

describe('keys that a site keeps', () => {
  it('verify without a single request', async () => {
    const { jwt, lists, options, userRef } = await kept([]);
    const noNetwork = () => Promise.reject(new Error('asked for something'));
    const { verifyPassport } = createUserref({ ...options, fetch: noNetwork });
    expect(await verifyPassport(jwt, { status: { lists } })).toMatchObject({ userRef });
  });

  it('are the only ones: a passport by another key is refused, and no key is fetched for it', async () => {
    const core = new FakeCore();
    const { options } = await kept([]);
    const { verifyPassport } = createUserref({ ...options, fetch: core.fetch });
    expect(await codeOf(verifyPassport(await core.passport()))).toBe('passport_signature_invalid');
    expect(core.calls).toEqual([]);
  });

  it.each([
    ['no set', {}],
    ['an empty set', { keys: [] }],
    ['a private key', { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA', kid: 'a' }] }],
  ])('are refused at the start when they are %s', (_, pinnedKeys) => {
    expect(() => create({ pinnedKeys: pinnedKeys as { keys: object[] } })).toThrow(
      /config_invalid.*pinnedKeys/,
    );
  });
});

describe.skipIf(!mayUnshare())('a machine without a network', () => {
  it.each([
    ['a passport that holds', [], 'userRef'],
    ['a revoked passport, by the list that was saved', [5], 'passport_revoked'],
  ])('tells %s', async (_, revoked, outcome) => {
    const { userRef, ...given } = await kept(revoked);
    const node = [process.execPath, '--conditions=@userref/source', '--disable-warning=ExperimentalWarning'];
    const said = execFileSync('unshare', [...unshare, ...node, script, JSON.stringify(given)]).toString();
    expect(JSON.parse(said)).toEqual({
      reach: 'no network',
      online: 'network_failed',
      verdict: outcome === 'userRef' ? userRef : outcome,
    });
  });
});
