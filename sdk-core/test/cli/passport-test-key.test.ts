import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder, userref } from '../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const KEY = join(folder.path, 'key.json');
const JWKS = join(folder.path, 'key.jwks.json');
const mint = (...words: string[]) =>
  userref(['passport', 'mint', '--test', '--key', KEY, '--site', 'shop', ...words]);

async function minted(...words: string[]): Promise<string> {
  const file = join(folder.path, 'passport.jwt');
  writeFileSync(file, (await mint(...words)).out);
  return file;
}

describe('userref passport mint', () => {
  it('makes what verify takes as good', async () => {
    const file = await minted('--consents', 'contact:email,address:shipping', '--assurance', 'low');
    const verified = await userref(['passport', 'verify', file, '--jwks', JWKS, '--site', 'shop', '--json']);
    expect(JSON.parse(verified.out)).toMatchObject({
      ok: true,
      passport: { consents: ['address:shipping', 'contact:email'], assuranceLevel: 'low', tenant: 'test' },
    });
  });

  it('makes one that is over', async () => {
    const file = await minted('--expires-in=-60');
    const { code, out } = await userref(['passport', 'verify', file, '--jwks', JWKS]);
    expect([code, out.split('\n')[0]]).toEqual([1, 'refused: passport_expired']);
  });

  it('keeps the private key to its owner, and out of the key set', () => {
    expect(statSync(KEY).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(JWKS, 'utf8')).keys[0]).not.toHaveProperty('d');
  });

  it.each([
    'https://id.example.com',
    'https://login.userref.dev',
    'https://test.com',
    'http://10.0.0.1',
    'not an issuer',
  ])('refuses %s, which may be somebody’s issuer', async (issuer) => {
    const key = join(folder.path, 'other.json');
    const args = ['passport', 'mint', '--test', '--key', key, '--site', 's', '--issuer', issuer];
    expect((await userref(args)).code).toBe(1);
  });

  it('refuses a key from elsewhere, and one whose issuer was changed to somebody’s', async () => {
    const { jwk } = JSON.parse(readFileSync(KEY, 'utf8'));
    const stranger = join(folder.path, 'stranger.json');
    for (const content of [jwk, { userref_test_key: 1, issuer: 'https://id.acme.com', jwk }]) {
      writeFileSync(stranger, JSON.stringify(content));
      const args = ['passport', 'mint', '--test', '--key', stranger, '--site', 's'];
      expect((await userref(args)).code).toBe(1);
    }
  });

  it('needs to be told that it is for a test', async () => {
    expect((await userref(['passport', 'mint', '--key', KEY, '--site', 'shop'])).code).toBe(2);
  });
});

describe('userref passport inspect', () => {
  it('says first that nothing was checked', async () => {
    const { out, code } = await userref(['passport', 'inspect', await minted()]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^UNVERIFIED/);
    expect(out).toMatch(/ {2}exp +\d+ \(.+, in 60 min\)\n +Expires|exp +\d+ \(/);
  });

  it('shows a forged one too, and still says so', async () => {
    const file = await minted();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\.[^.]*$/, `.${'A'.repeat(86)}`));
    const { out } = await userref(['passport', 'inspect', file]);
    expect(out).toMatch(/^UNVERIFIED/);
    const json = await userref(['passport', 'inspect', file, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ verified: false, claims: { aud: 'shop' } });
  });

  it('lets nothing in it steer the terminal', async () => {
    const claims = Buffer.from(JSON.stringify({ iss: '\u001b[2Jgone\u202e' })).toString('base64url');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    const file = join(folder.path, 'hostile.jwt');
    writeFileSync(file, `${header}.${claims}.AA`);
    const { out } = await userref(['passport', 'inspect', file]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });

  it('ends with 1 for what is no passport', async () => {
    writeFileSync(join(folder.path, 'no.jwt'), 'hello');
    expect((await userref(['passport', 'inspect', join(folder.path, 'no.jwt')])).code).toBe(1);
  });
});
