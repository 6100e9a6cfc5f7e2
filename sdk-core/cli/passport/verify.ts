import { UserrefError } from '../../src/errors/userref-error.ts';
import { decodePart, splitCompact } from '../../src/passport/compact-form.ts';
import { parseKeySet } from '../../src/passport/key-set.ts';
import type { Passport } from '../../src/passport/passport.ts';
import { createPassportVerifier } from '../../src/passport/verify-passport.ts';
import { unixSeconds } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { UsageError } from '../usage-error.ts';
import { PASSPORT_HELP, type PassportIo } from './passport-help.ts';
import { readTrimmed } from './read-trimmed.ts';

const OPTIONS = {
  jwks: { type: 'string' },
  issuer: { type: 'string' },
  site: { type: 'string' },
  'status-list': { type: 'string', multiple: true },
  'max-age': { type: 'string' },
  'allow-stale': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Verdict =
  | { readonly ok: true; readonly passport: Passport }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** @returns the exit code */
export async function verifyPassportFile(args: readonly string[], io: PassportIo): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: PASSPORT_HELP, words: 1 });
  const jwt = readTrimmed(words[0] ?? '-');
  const verdict = await verify(jwt, values, () => unixSeconds(io));
  io.out(
    values.json
      ? JSON.stringify(verdict)
      : describe(verdict, { hasLists: values['status-list'] !== undefined }),
  );
  return verdict.ok ? 0 : 1;
}

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

async function verify(jwt: string, values: Values, now: () => number): Promise<Verdict> {
  try {
    const said = decodePart(splitCompact(jwt).payload);
    const keys = parseKeySet(readJson(values.jwks));
    const check = createPassportVerifier({
      issuer: values.issuer ?? String(said.iss),
      site: values.site ?? String(said.aud),
      keys: { find: async (kid) => keys.get(kid) ?? null },
      now,
      toleranceSeconds: 15,
    });
    const lists = values['status-list']?.map(readTrimmed);
    const passport = await check(jwt, {
      ...(lists && {
        status: { lists, maxAgeSeconds: seconds(values['max-age']), allowStale: values['allow-stale'] },
      }),
    });
    return { ok: true, passport };
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    return { ok: false, code: error.code, detail: error.detail };
  }
}

function describe(verdict: Verdict, { hasLists }: { hasLists: boolean }): string {
  if (!verdict.ok) return `refused: ${verdict.code}\n${verdict.detail}`;
  const { userRef, sid, assuranceLevel, consents, expiresAt } = verdict.passport;
  return [
    `good${hasLists ? ', not revoked as of the list' : ' (no status list given: revocation not looked for)'}`,
    `  user_ref   ${userRef}`,
    `  sid        ${sid}`,
    `  assurance  ${assuranceLevel}`,
    `  consents   ${consents.join(' ') || 'none'}`,
    `  expires    ${new Date(expiresAt * 1000).toISOString()}`,
  ].join('\n');
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError('--max-age is a number of seconds.');
}

function readJson(path: string | undefined): unknown {
  if (path === undefined) throw new UsageError('--jwks is missing.');
  try {
    return JSON.parse(readTrimmed(path));
  } catch {
    throw new UsageError(`${path} is no JSON.`);
  }
}
