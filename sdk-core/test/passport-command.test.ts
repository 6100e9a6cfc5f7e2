import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passportCommand } from '../cli/passport/passport-command.ts';
import { readPassportVectors } from './support/passport-vector.ts';

const vectors = new Map(readPassportVectors().map((vector) => [vector.name, vector]));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'userref-passport-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command on a vector's files, as somebody offline would. */
async function verify(name: string, ...more: string[]): Promise<{ code: number; said: string }> {
  const vector = vectors.get(name);
  if (!vector) throw new Error(`no vector ${name}`);
  const file = (suffix: string, text: string) => {
    const path = join(folder, `${name}.${suffix}`);
    writeFileSync(path, `${text}\n`);
    return path;
  };
  const lists = vector.expected.status?.lists ?? [];
  const args = [
    'verify',
    file('jwt', vector.jwt),
    '--jwks',
    file('jwks', JSON.stringify(vector.keys)),
    ...lists.flatMap((list, index) => ['--status-list', file(`${index}.list`, list)]),
    ...more,
  ];
  let said = '';
  const code = await passportCommand(args, {
    out: (text) => {
      said = text;
    },
    now: () => vector.expected.now,
  });
  return { code, said };
}

describe('userref passport verify', () => {
  it('finds a good passport good', async () => {
    expect(await verify('status-valid')).toMatchObject({
      code: 0,
      said: expect.stringContaining('not revoked'),
    });
  });

  it.each([
    ['status-revoked', 'passport_revoked'],
    ['status-list-past-ttl', 'passport_status_stale'],
    ['status-list-signed-by-other-key', 'passport_status_signature_invalid'],
    ['status-list-bomb', 'passport_status_too_large'],
  ])('refuses %s with %s', async (name, reason) => {
    expect(await verify(name)).toMatchObject({ code: 1, said: expect.stringContaining(reason) });
    const { said } = await verify(name, '--json');
    expect(JSON.parse(said)).toMatchObject({ ok: false, code: reason });
  });

  it('takes a stale list when told so, and never one past its exp', async () => {
    expect(await verify('status-list-past-ttl', '--allow-stale')).toMatchObject({ code: 0 });
    expect(await verify('status-list-past-exp-though-stale-allowed', '--allow-stale')).toMatchObject({
      code: 1,
    });
  });

  it('says when revocation was not looked for', async () => {
    expect((await verify('status-not-looked-for')).said).toContain('revocation not looked for');
  });

  it('refuses a passport for another site, or of another issuer, than it was told', async () => {
    expect(await verify('status-valid', '--site', 'shop-b')).toMatchObject({ code: 1 });
    expect(await verify('status-valid', '--issuer', 'https://id.other.eu')).toMatchObject({ code: 1 });
  });

  it.each([[['verify', '/no/such/file', '--jwks', '/none']], [['sign']], [['verify', '--unknown']]])(
    'has no verdict for %j',
    async (args) => {
      await expect(passportCommand(args, { out: () => {} })).rejects.toMatchObject({ name: 'UsageError' });
    },
  );
});
