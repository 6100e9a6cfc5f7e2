import { UserrefError } from '../../src/errors/userref-error.ts';
import { decodePart, splitCompact } from '../../src/passport/compact-form.ts';
import { inert } from '../console/inert.ts';
import { unixSeconds } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { CLAIMS } from '../generated/claims.ts';
import { PASSPORT_HELP, type PassportIo } from './passport-help.ts';
import { readTrimmed } from './read-trimmed.ts';

const OPTIONS = { json: { type: 'boolean' } } as const;
const UNVERIFIED = 'UNVERIFIED: nothing was checked, not even the signature. Anybody can write this.';

const HEADER: Readonly<Record<string, string>> = {
  alg: 'Signature algorithm.',
  kid: 'Which of the issuer’s keys is said to have signed it.',
  typ: 'Kind of token: JWT for a passport.',
};

type Values = Readonly<Record<string, unknown>>;

/** @returns the exit code */
export async function inspectPassport(args: readonly string[], io: PassportIo): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: PASSPORT_HELP, words: 1 });
  try {
    const parts = splitCompact(readTrimmed(words[0] ?? '-'));
    const [header, claims] = [decodePart(parts.header), decodePart(parts.payload)];
    io.out(
      values.json
        ? JSON.stringify({ verified: false, header, claims })
        : describe({ header, claims }, unixSeconds(io)),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    const { code, detail } = error;
    io.out(
      values.json ? JSON.stringify({ verified: false, code, detail }) : `No passport: ${code}. ${detail}`,
    );
    return 1;
  }
}

function describe({ header, claims }: { header: Values; claims: Values }, now: number): string {
  const headerLines = Object.entries(header).flatMap(([name, value]) =>
    lines(name, shown(value), HEADER[name] ?? 'Not expected in a passport.'),
  );
  const claimLines = Object.entries(claims).flatMap(([name, value]) => {
    const known = isClaim(name) ? CLAIMS[name] : undefined;
    const text = known?.type === 'unix_seconds' ? time(value, now) : shown(value);
    return lines(name, text, known?.meaning ?? 'Not a claim of the contract.');
  });
  const missing = ['iss', 'aud', 'sub', 'exp'].filter((name) => !Object.hasOwn(claims, name));
  return [
    UNVERIFIED,
    '',
    'Header',
    ...headerLines,
    '',
    'Claims',
    ...claimLines,
    ...(missing.length > 0 ? ['', `Missing, and a passport always has it: ${missing.join(', ')}.`] : []),
    '',
    'To check it: userref passport verify --jwks FILE',
  ].join('\n');
}

function lines(name: string, value: string, meaning: string): string[] {
  return [`  ${inert(name).padEnd(10)} ${value}`, `  ${''.padEnd(10)} ${meaning}`];
}

function isClaim(name: string): name is keyof typeof CLAIMS {
  return Object.hasOwn(CLAIMS, name);
}

function shown(value: unknown): string {
  return inert(typeof value === 'string' ? value : JSON.stringify(value));
}

function time(value: unknown, now: number): string {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || Math.abs(value) > 8.64e12)
    return shown(value);
  const minutes = Math.round(Math.abs(value - now) / 60);
  const distance = minutes === 0 ? 'just now' : value > now ? `in ${minutes} min` : `${minutes} min ago`;
  return `${value} (${new Date(value * 1000).toISOString()}, ${distance})`;
}
