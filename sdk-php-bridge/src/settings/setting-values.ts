import { readFileSync } from 'node:fs';
import { SETTINGS, type SettingEntry, type SettingName } from './setting-list.ts';

export type SettingValues = Readonly<Record<SettingName, string>>;

/** Where settings come from: the environment wins over the file. */
export interface SettingSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Lines `NAME=value`; the environment wins. */
  readonly file?: string | undefined;
}

const ENTRIES: readonly SettingEntry[] = SETTINGS;
const KNOWN = new Set(ENTRIES.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name])));
const LINE = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/;

/** The value of each setting, `''` where it is not set, and what is wrong with the sources. */
export function readValues({ environment, file }: SettingSources): {
  values: SettingValues;
  problems: string[];
} {
  const problems: string[] = [];
  const fromFile = file === undefined ? {} : readLines(file, problems);
  for (const name of Object.keys(fromFile)) {
    if (!KNOWN.has(name)) problems.push(`${name} is no setting of the bridge`);
  }
  // Other programs of the machine have variables that begin with USERREF_, so only our own prefix is checked.
  for (const name of Object.keys(environment)) {
    if (name.startsWith('USERREF_BRIDGE_') && !KNOWN.has(name)) {
      problems.push(`${name} is no setting of the bridge`);
    }
  }
  const given = { ...fromFile, ...definedOf(environment) };
  const values = Object.fromEntries(
    ENTRIES.map((entry) => [entry.name, settingValue(entry, given, problems)]),
  );
  return { values: values as Record<SettingName, string>, problems };
}

function settingValue(
  entry: SettingEntry,
  given: Readonly<Record<string, string>>,
  problems: string[],
): string {
  const { name, standard = '', required, isSecret } = entry;
  const file = isSecret ? given[`${name}_FILE`] : undefined;
  const value = given[name] ?? (file ? contentOf(file, { name, problems }) : undefined);
  if (required && (value ?? '') === '') problems.push(`${name} is missing`);
  return value === undefined || value === '' ? standard : value;
}

function contentOf(file: string, { name, problems }: { name: string; problems: string[] }): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE cannot be read`);
    return '';
  }
}

function readLines(file: string, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, line] of textOf(file, problems).split('\n').entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, name, value = ''] = LINE.exec(line) ?? [];
    if (name === undefined) problems.push(`line ${index + 1} of the file is not NAME=value`);
    else values[name] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return values;
}

function textOf(file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    problems.push('the file given by --config cannot be read');
    return '';
  }
}

function definedOf(environment: SettingSources['environment']): Record<string, string> {
  const pairs = Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}
