import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UserrefError } from '../../src/errors/userref-error.ts';
import { decodePart, splitCompact } from '../../src/passport/compact-form.ts';
import { parseKeySet } from '../../src/passport/key-set.ts';
import type { Passport } from '../../src/passport/passport.ts';
import { createPassportVerifier } from '../../src/passport/verify-passport.ts';
import { UsageError } from '../usage-error.ts';

export const PASSPORT_HELP = `userref passport verify [FILE] --jwks FILE [--issuer URL] [--site ID] [--status-list FILE …]
  Checks a passport from a file, or from the standard input, without asking anybody.
    --jwks FILE                the issuer's published keys, as {issuer}/jwks gave them
    --issuer URL, --site ID    what it must name. Left out: as the passport says, which proves less
    --status-list FILE         a saved list, as {issuer}/status/… gave it; may be repeated. Without one,
                               a revocation goes unseen until the passport expires
    --max-age SECONDS          oldest list to accept (default: the list's own ttl)
    --allow-stale              accept an older list, never one past its exp
    --json                     the verdict as one JSON object

Exit codes: 0 good · 1 refused, with the reason code · 2 wrong command line or unreadable file`;

const OPTIONS = {
  jwks: { type: 'string' },
  issuer: { type: 'string' },
  site: { type: 'string' },
  'status-list': { type: 'string', multiple: true },
  'max-age': { type: 'string' },
  'allow-stale': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export interface Console {
  readonly out: (text: string) => void;
  /** Unix seconds. Default: the system clock. */
  readonly now?: () => number;
}

type Verdict =
  | { readonly ok: true; readonly passport: Passport }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** @returns the exit code */
export async function passportCommand(args: readonly string[], console: Console): Promise<number> {
  const [verb, ...rest] = args;
  if (verb !== 'verify') throw new UsageError(PASSPORT_HELP);
  const { values, positionals } = parse(rest);
  const jwt = read(positionals[0] ?? '-');
  const verdict = await verify(jwt, values, console.now ?? (() => Math.floor(Date.now() / 1000)));
  console.out(
    values.json
      ? JSON.stringify(verdict)
      : describe(verdict, { hasLists: values['status-list'] !== undefined }),
  );
  return verdict.ok ? 0 : 1;
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

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
    const lists = values['status-list']?.map(read);
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
    return JSON.parse(read(path));
  } catch {
    throw new UsageError(`${path} is no JSON.`);
  }
}

/** A token in a file usually has a line end behind it. */
function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8').trim();
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}
