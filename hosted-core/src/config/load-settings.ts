import { readFileSync } from 'node:fs';
import { nameSettings, type RawSettings, type Settings, settingsSchema } from './settings.ts';
import { upstreamContradictions } from './upstream-settings.ts';

/** Everything that is wrong with the configuration, in one error. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((one) => `  - ${one}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

export interface LoadSettingsOptions {
  /** Default: the process's environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A file of `NAME=value` lines; the environment wins over it. */
  readonly file?: string | undefined;
}

/**
 * Reads and checks the whole configuration once.
 * @throws SettingsError that lists every missing, malformed and unknown setting; values are never shown
 */
export function loadSettings({ environment = process.env, file }: LoadSettingsOptions = {}): Settings {
  const given = { ...(file ? parseFile(file) : {}), ...relevant(environment) };
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(describeIssue));
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new SettingsError(problems);
  return nameSettings(parsed.data);
}

function relevant(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && /^(USERREF_|NODE_ENV$)/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}

function parseFile(path: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, line] of read(path).split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (!match?.[1]) throw new SettingsError([`line ${index + 1} of the file is not NAME=value`]);
    values[match[1]] = (match[2] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2');
  }
  return values;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError([`the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
}

function describeIssue(issue: {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown setting ${issue.keys?.join(', ')}; see userref-core config reference`;
  return `${issue.path.join('.')}: ${/received undefined/.test(issue.message) ? 'is missing' : issue.message}`;
}

/** Settings that are fine alone and wrong together. */
function contradictions(raw: RawSettings): string[] {
  const problems: string[] = [];
  if (raw.USERREF_CORE_URL === raw.USERREF_CELL_URL) {
    problems.push(
      'USERREF_CELL_URL must differ from USERREF_CORE_URL: they are two origins with a wall between',
    );
  }
  problems.push(...upstreamContradictions(raw));
  if (raw.NODE_ENV !== 'production') return problems;
  for (const name of ['USERREF_CORE_URL', 'USERREF_CELL_URL', 'USERREF_UPSTREAM_ISSUER'] as const) {
    if (!raw[name].startsWith('https:')) problems.push(`${name} must be https in production`);
  }
  if (!raw.USERREF_TOMBSTONE_LEDGER)
    problems.push(
      'USERREF_TOMBSTONE_LEDGER is needed in production: without it a restored backup brings erased people back',
    );
  if (raw.USERREF_OUTBOUND !== 'public') problems.push('USERREF_OUTBOUND must be public in production');
  return problems;
}
