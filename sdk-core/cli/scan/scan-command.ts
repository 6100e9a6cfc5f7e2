import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '../console/io.ts';
import { unixSeconds } from '../console/io.ts';
import { readOptions, wholeNumber } from '../console/read-options.ts';
import { UsageError } from '../usage-error.ts';
import type { Scan } from './finding.ts';
import { Matcher } from './match/matcher.ts';
import { fingerprintCanaries, readCanaries } from './needles/canaries.ts';
import { type Fingerprint, ScanKey } from './needles/fingerprint.ts';
import { readFingerprints } from './needles/fingerprint-file.ts';
import { Report } from './report.ts';
import { searchBlock } from './search-block.ts';
import { scanDatabase } from './source/database.ts';
import { filesUnder, scanFile } from './source/files.ts';
import { scanStream } from './source/scan-stream.ts';

export const SCAN_HELP = `userref scan PATH … | --database   --canaries FILE | --fingerprints FILE --key FILE
  Looks for personal data where there should be none: in database dumps (SQL, also gzipped), log folders, any
  files, or a live database. In plain, URL-encoded, base64, hex, JSON-, HTML- and backslash-escaped and
  serialized-PHP form, also one within the other, whatever the case, accents and spacing. It reports places and
  kinds, never a value.
    PATH                     file or folder; - is the standard input
    --database               the database whose address is in USERREF_SCAN_DATABASE_URL (postgres:// or mysql://)
    --database-url-file FILE the same, address in a file
    --canaries FILE          what to look for: a value a line, or JSON ({"contact:email": "…"}); - is the standard
                             input. Values are never taken from the command line, where others could see them
    --fingerprints FILE      what to look for, as «userref-core dsr fingerprints» exports it: no values
    --key FILE               the key of the fingerprints
    --max-findings N         places to list (default 1000); all are counted
    --json                   one JSON object

Exit codes: 0 clean · 1 found · 2 wrong command line, or something could not be looked into`;

const OPTIONS = {
  database: { type: 'boolean' },
  'database-url-file': { type: 'string' },
  canaries: { type: 'string' },
  fingerprints: { type: 'string' },
  key: { type: 'string' },
  'max-findings': { type: 'string', default: '1000' },
  json: { type: 'boolean' },
} as const;

const STDIN = '-';
const DATABASE_URL = 'USERREF_SCAN_DATABASE_URL';

/** @returns the exit code */
export async function scanCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: SCAN_HELP, words: 1000 });
  const databaseUrl = databaseUrlOf(values, io);
  if ((words.length === 0) === (databaseUrl === undefined)) {
    throw new UsageError(`Say what to search: paths, or --database.\n\n${SCAN_HELP}`);
  }
  const mostFindings = wholeNumber(values['max-findings'], { name: 'max-findings', from: 0, to: 1_000_000 });
  const { matcher, fewestBytes, tooShort } = await needlesOf(values, words, io);
  const report = new Report({ mostFindings, tooShort });
  const scan: Scan = {
    search: (bytes) => searchBlock(bytes, { matcher, fewestBytes }),
    found: (finding) => report.add(finding),
    unread: (source, why) => void report.unread.push({ source, why }),
    advance: (bytes) => {
      report.searchedBytes += bytes;
      if (io.progress)
        io.progress(`searched ${(report.searchedBytes / 1e6).toFixed(0)} MB, found ${report.found}`);
    },
  };
  if (databaseUrl !== undefined) await scanDatabase(databaseUrl, scan);
  for (const path of words) await scanPath(path, { scan, cwd: io.cwd });
  io.progress?.('');
  io.out(values.json ? JSON.stringify(report.forScripts()) : report.forPeople());
  return report.exitCode;
}

async function scanPath(path: string, { scan, cwd }: { scan: Scan; cwd: string }): Promise<void> {
  if (path === STDIN) return scanStream(process.stdin, { scan, place: { source: STDIN } });
  const whole = resolve(cwd, path);
  if (!existsSync(whole)) throw new UsageError(`There is no ${path}.`);
  for (const { path: file } of filesUnder(whole)) await scanFile(file, { scan, root: cwd });
}

interface NeedleOptions {
  readonly canaries?: string | undefined;
  readonly fingerprints?: string | undefined;
  readonly key?: string | undefined;
}

async function needlesOf({ canaries, fingerprints, key }: NeedleOptions, paths: readonly string[], io: Io) {
  if ((canaries === undefined) === (fingerprints === undefined)) {
    throw new UsageError('Say what to look for: --canaries, or --fingerprints with --key.');
  }
  if (canaries === STDIN && paths.includes(STDIN)) {
    throw new UsageError('The standard input cannot be the canaries and what is searched at once.');
  }
  if (canaries !== undefined) {
    const scanKey = new ScanKey(randomBytes(32));
    const text = readFileSync(canaries === STDIN ? 0 : resolve(io.cwd, canaries), 'utf8');
    const made = fingerprintCanaries(scanKey, readCanaries(text));
    return { ...searchFor(scanKey, made.fingerprints, 'canaries'), tooShort: made.tooShort };
  }
  if (key === undefined) throw new UsageError('--fingerprints needs --key.');
  const file = { path: resolve(io.cwd, fingerprints ?? ''), keyPath: resolve(io.cwd, key) };
  const read = readFingerprints(file, { now: unixSeconds(io) });
  return { ...searchFor(read.key, read.fingerprints, 'fingerprints'), tooShort: [] };
}

function searchFor(
  key: ScanKey,
  fingerprints: readonly Fingerprint[],
  strictness: 'canaries' | 'fingerprints',
) {
  if (fingerprints.length === 0) throw new UsageError('Nothing that is given can be told from chance.');
  const matcher = new Matcher({ key, fingerprints, strictness });
  return { matcher, fewestBytes: fingerprints.reduce((least, { length }) => Math.min(least, length), 128) };
}

function databaseUrlOf(
  values: { database?: boolean | undefined; 'database-url-file'?: string | undefined },
  io: Io,
): string | undefined {
  const file = values['database-url-file'];
  if (file !== undefined) return readFileSync(resolve(io.cwd, file), 'utf8').trim();
  if (!values.database) return undefined;
  const url = io.env[DATABASE_URL];
  if (url) return url;
  throw new UsageError(`--database reads the database’s address from ${DATABASE_URL}, which is not set.`);
}
