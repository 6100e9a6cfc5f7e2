import { SignJWT } from 'jose';
import { ASSURANCE_LEVELS, PASSPORT_VERSION } from '../../src/generated/contract.ts';
import { ATTRIBUTE_NAME, USER_REF } from '../../src/passport/passport.ts';
import { unixSeconds } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { UsageError } from '../usage-error.ts';
import { PASSPORT_HELP, type PassportIo } from './passport-help.ts';
import { readTestKey } from './test-key.ts';

const OPTIONS = {
  test: { type: 'boolean' },
  key: { type: 'string' },
  site: { type: 'string' },
  issuer: { type: 'string' },
  'user-ref': { type: 'string', default: `ppid_${'testperson'.padEnd(26, '2')}` },
  consents: { type: 'string', default: '' },
  assurance: { type: 'string', default: 'high' },
  'expires-in': { type: 'string', default: '3600' },
  nonce: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** @returns the exit code */
export async function mintPassport(args: readonly string[], io: PassportIo): Promise<number> {
  const { values } = readOptions(args, { options: OPTIONS, help: PASSPORT_HELP });
  const { key: file, site } = values;
  if (!values.test) throw new UsageError('Passports are minted for tests only: say --test.');
  if (file === undefined || site === undefined) throw new UsageError('--key and --site are needed.');
  const key = await readTestKey(file, { issuer: values.issuer });
  const jwt = await new SignJWT(claimsOf(values, { issuer: key.issuer, site, now: unixSeconds(io) }))
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey);
  io.out(values.json ? JSON.stringify({ passport: jwt, issuer: key.issuer, site, jwks: key.jwksFile }) : jwt);
  return 0;
}

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

function claimsOf(values: Values, { issuer, site, now }: { issuer: string; site: string; now: number }) {
  const userRef = values['user-ref'];
  const consents = values.consents === '' ? [] : values.consents.split(',').map((name) => name.trim());
  check(USER_REF.test(userRef), '--user-ref is ppid_ and 26 characters of a–z and 2–7.');
  check(
    consents.every((name) => ATTRIBUTE_NAME.test(name)),
    '--consents takes names such as contact:email.',
  );
  const assurance = ASSURANCE_LEVELS.find((level) => level === values.assurance);
  check(assurance !== undefined, `--assurance is one of ${ASSURANCE_LEVELS.join(', ')}.`);
  check(/^-?\d{1,9}$/.test(values['expires-in']), '--expires-in takes seconds.');
  const lifetime = Number(values['expires-in']);
  // One that is over was issued before it was over.
  const issuedAt = lifetime < 0 ? now + lifetime - 1 : now;
  return {
    ...{ iss: issuer, aud: site, sub: userRef, user_ref: userRef, tenant: 'test', site },
    passport: { v: PASSPORT_VERSION, consents: consents.toSorted(), assurance_level: assurance },
    sid: `test-${crypto.randomUUID()}`,
    ...{ auth_time: issuedAt, iat: issuedAt, exp: now + lifetime },
    ...(values.nonce !== undefined && { nonce: values.nonce }),
  };
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new UsageError(problem);
}
