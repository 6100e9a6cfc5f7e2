import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Io } from '../console/io.ts';
import { Problem } from '../console/problem.ts';
import { readEnvLines } from './env-lines.ts';
import { VARIABLES, type VariableName } from './variables.ts';

/** Read in this order; the environment wins over both. */
const ENV_FILES = ['.env.local', '.env'];

export interface SiteSettings {
  /** Where they came from, for people. */
  readonly source: string;
  get(name: VariableName): string | undefined;
  /** @throws Problem when it is not set */
  need(name: VariableName): string;
}

/** The settings of the site in this folder, as it would see them itself. */
export function readSiteSettings({ env, cwd }: Pick<Io, 'env' | 'cwd'>, envFile?: string): SiteSettings {
  const candidates = envFile === undefined ? ENV_FILES : [envFile];
  const files = candidates.filter((name) => existsSync(resolve(cwd, name)));
  if (envFile !== undefined && files.length === 0) {
    throw new Problem({ what: `There is no ${envFile}.`, fix: 'Name a file that is there with --env-file.' });
  }
  const values = new Map<string, string>();
  for (const name of files.toReversed()) {
    for (const [key, value] of readEnvLines(readFileSync(resolve(cwd, name), 'utf8'))) values.set(key, value);
  }
  for (const name of Object.values(VARIABLES)) {
    const value = env[name];
    if (value !== undefined && value !== '') values.set(name, value);
  }
  const source = ['the environment', ...files].join(' and ');
  const get = (name: VariableName) => values.get(name) || undefined;
  return {
    source,
    get,
    need(name) {
      const value = get(name);
      if (value !== undefined) return value;
      throw new Problem({
        what: `${name} is not set.`,
        why: `It was looked for in ${source}.`,
        fix: 'Run `userref dev`, which writes it, or set it to what the operator gave you.',
      });
    },
  };
}
