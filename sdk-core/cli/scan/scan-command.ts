import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { Io } from '../console/io.ts';
import { unixSeconds } from '../console/io.ts';
import { Problem } from '../console/problem.ts';
import { readOptions, wholeNumber } from '../console/read-options.ts';
import { UsageError } from '../usage-error.ts';
import type { Scan } from './finding.ts';
import { Matcher } from './match/matcher.ts';
import { fingerprintCanaries, readCanaries } from './needles/canaries.ts';
import { type Fingerprint, ScanKey } from './needles/fingerprint.ts';
import { readFingerprints } from './needles/fingerprint-file.ts';
import { Report } from './report.ts';
import { searchBlock } from './search-block.ts';
import { charsetOf } from './source/charset.ts';
import { scanDatabase } from './source/database.ts';
import { type FileOptions, identityOf, scanPath } from './source/files.ts';
import { scanAnything } from './source/scan-anything.ts';
import { reasonOf } from './source/shown-name.ts';

export const SCAN_HELP = `userref scan PATH … | --database   --canaries FILE | --fingerprints FILE --key FILE
  Looks for personal data where there should be none: in database dumps (SQL, also gzip, zstd, tar), log folders,
  any files, or a live database. In plain, URL-encoded, base64, hex, JSON-, HTML- and backslash-escaped,
  quoted-printable, gzipped and serialized-PHP form, also one within the other, whatever the case, accents and
  spacing. It reports places and kinds, never a value.
    PATH                     file, folder (links in it are followed) or pipe; - is the standard input. The files
                             with what to look for are not searched themselves
    --database               the database whose address is in USERREF_SCAN_DATABASE_URL (postgres:// or mysql://)
    --database-url-file FILE the same, address in a file
    --canaries FILE          what to look for: a value a line, or JSON ({"contact:email": "…"}); - is the standard
                             input. Values are never taken from the command line, where others could see them
    --fingerprints FILE      what to look for, as «userref-core dsr fingerprints» exports it: no values
    --key FILE               the key of the fingerprints
    --max-findings N         places to list (default 1000); all are counted
    --json                   one JSON object

Exit codes: 0 clean · 1 found · 2 wrong command line, or something could not be looked into, or there was
nothing to look into · 130 stopped by Ctrl-C, after telling what was found until then`;

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
/** A shell may put the names of all logs there. */
const MOST_PATHS = 1_000_000;
const DATABASE_URL = 'USERREF_SCAN_DATABASE_URL';

/** @returns the exit code */
export async function scanCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: SCAN_HELP, words: MOST_PATHS });
  const databaseUrl = databaseUrlOf(values, io);
  if ((words.length === 0) === (databaseUrl === undefined)) {
    throw new UsageError(`Say what to search: paths, or --database.\n\n${SCAN_HELP}`);
  }
  for (const path of words) {
    if (path !== STDIN && !existsSync(resolve(io.cwd, path))) throw new UsageError(`There is no ${path}.`);
  }
  const mostFindings = wholeNumber(values['max-findings'], { name: 'max-findings', from: 0, to: 1_000_000 });
  try {
    const needles = await needlesOf(values, words, io);
    const report = await reportOn({ paths: words, databaseUrl }, { needles, mostFindings, io });
    io.out(values.json ? JSON.stringify(report.forScripts()) : report.forPeople());
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Not 1, which says that something was found.
    io.note(error.message);
    return 2;
  }
}

interface Wish {
  readonly paths: readonly string[];
  readonly databaseUrl: string | undefined;
}

interface How {
  readonly needles: Awaited<ReturnType<typeof needlesOf>>;
  readonly mostFindings: number;
  readonly io: Io;
}

async function reportOn(wish: Wish, { needles, mostFindings, io }: How): Promise<Report> {
  const { matcher, fewestBytes, tooShort, files } = needles;
  const search: Scan['search'] = (bytes, place) => searchBlock(bytes, { matcher, fewestBytes, ...place });
  const report = new Report({ mostFindings, tooShort, search });
  const scan: Scan = {
    search,
    signal: io.signal,
    found: (finding) => report.add(finding),
    unread: (source, why) => void report.unread.push({ source, why }),
    advance: (bytes) => {
      report.searchedBytes += bytes;
      if (io.progress)
        io.progress(`searched ${(report.searchedBytes / 1e6).toFixed(0)} MB, found ${report.found}`);
    },
  };
  // What is looked for lies in these files, and leaked nowhere.
  const done = new Set(files.map(identityOf));
  const paths = { root: io.cwd, done, told: new Set<string>() };
  try {
    await scanAll(wish, { scan, ...paths });
  } catch (error) {
    if (!io.signal.aborted) throw error;
    report.isStopped = true;
  }
  io.progress?.('');
  return report;
}

/** One after another; Ctrl-C ends it between two pieces. */
async function scanAll({ paths, databaseUrl }: Wish, options: FileOptions): Promise<void> {
  const { scan, root } = options;
  if (databaseUrl !== undefined) await scanDatabase(databaseUrl, scan);
  for (const path of paths) {
    if (path === STDIN) await scanStdin(scan);
    else await scanPath(resolve(root, path), options);
  }
}

async function scanStdin(scan: Scan): Promise<void> {
  const input = scan.signal ? addAbortSignal(scan.signal, process.stdin) : process.stdin;
  try {
    await scanAnything(input, { scan, source: STDIN });
  } catch (error) {
    scan.signal?.throwIfAborted();
    scan.unread(STDIN, reasonOf(error));
  }
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
    const file = canaries === STDIN ? undefined : resolve(io.cwd, canaries);
    const made = fingerprintCanaries(scanKey, readCanaries(readText(file ?? 0)));
    const found = searchFor(scanKey, made.fingerprints, 'canaries');
    return { ...found, tooShort: made.tooShort, files: file === undefined ? [] : [file] };
  }
  if (key === undefined) throw new UsageError('--fingerprints needs --key.');
  const file = { path: resolve(io.cwd, fingerprints ?? ''), keyPath: resolve(io.cwd, key) };
  const read = readFingerprints(file, { now: unixSeconds(io) });
  const files = [file.path, file.keyPath];
  return { ...searchFor(read.key, read.fingerprints, 'fingerprints'), tooShort: [], files };
}

/** Also as editors and shells of Windows write it. */
function readText(file: string | number): string {
  const bytes = readFileSync(file);
  return new TextDecoder(charsetOf(bytes) ?? 'utf-8').decode(bytes);
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
