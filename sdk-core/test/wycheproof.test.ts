import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compactVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodePart, splitCompact } from '../src/passport/compact-form.ts';
import { ALGORITHMS, checkHeader } from '../src/passport/header-checks.ts';
import { parseKeySet } from '../src/passport/key-set.ts';

interface Group {
  readonly comment: string;
  readonly public?: Jwk | { readonly keys: readonly Jwk[] };
  readonly private: Jwk | { readonly keys: readonly Jwk[] };
  readonly tests: readonly Test[];
}

interface Test {
  readonly tcId: number;
  readonly comment: string;
  /** Encrypted tokens come as `jwe`; a passport is never one. */
  readonly jws?: string;
  readonly jwe?: string;
  readonly result: 'valid' | 'invalid';
}

type Jwk = Readonly<Record<string, unknown>>;

const FILES = ['json_web_signature', 'json_web_key', 'json_web_crypto'];
const folder = fileURLToPath(new URL('../../../shared/vectors/wycheproof/', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) process.stderr.write('skipped: the vectors of Wycheproof are not there (../shared/vectors)\n');

const cases = (isThere ? FILES : []).flatMap((file) => {
  const { testGroups } = JSON.parse(readFileSync(`${folder}${file}.json`, 'utf8')) as { testGroups: Group[] };
  return testGroups.flatMap((group) =>
    group.tests.map((test) => ({
      ...test,
      jws: test.jws ?? test.jwe ?? '',
      group,
      name: `${file} ${test.tcId} ${group.comment} ${test.comment}`,
    })),
  );
});

/** Everything of the strict verifier but `typ` and claims, which Wycheproof's signatures do not have. */
async function isAccepted(jws: string, group: Group): Promise<boolean> {
  try {
    const parts = splitCompact(jws);
    const { alg, kid } = checkHeader({ kid: 'nameless', ...decodePart(parts.header), typ: 'JWT' });
    const key = parseKeySet(keySetOf(group)).get(kid);
    if (key === undefined) return false;
    await compactVerify(jws, await key.verificationKey(alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}

function keySetOf({ public: published, private: held }: Group): unknown {
  const keys = published ?? held;
  const list = 'keys' in keys ? (keys.keys as readonly Jwk[]) : [keys as Jwk];
  return { keys: list.map((key) => ({ kid: 'nameless', ...key })) };
}

/** Whether it is of a kind that passports are of (algorithm, `kid`, a payload), so that "valid" must be accepted. */
function isOurs({ jws, group }: { jws: string; group: Group }): boolean {
  const [header = '', payload] = jws.split('.', 2);
  if (group.public === undefined || payload === '') return false;
  const { alg, kid = 'nameless' } = decodePart(header);
  return ALGORITHMS.some((allowed) => allowed === alg) && /^[\w.~-]+$/.test(String(kid));
}

describe.skipIf(!isThere)('the vectors of Wycheproof', () => {
  const invalid = cases.filter(({ result }) => result === 'invalid');
  const ours = cases.filter((one) => one.result === 'valid' && isOurs(one));

  it.each(invalid)('refuses $name', async ({ jws, group }) => {
    expect(await isAccepted(jws, group)).toBe(false);
  });

  it.each(ours)('accepts $name', async ({ jws, group }) => {
    expect(await isAccepted(jws, group)).toBe(true);
  });

  it('are all there', () => {
    expect([invalid.length, ours.length]).toEqual([453, 10]);
  });
});
