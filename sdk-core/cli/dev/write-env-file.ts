import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { mergeEnvLines, readEnvLines } from '../site/env-lines.ts';
import { VARIABLES } from '../site/variables.ts';

/** A session secret of the developer's own that the SDK would take. */
const LONG_ENOUGH = 32;

/**
 * Puts the settings into an env file that only its owner may read. Lines of others stay; so does a session
 * secret that is long enough, which would sign everybody out when it changed.
 */
export function writeEnvFile(path: string, values: Readonly<Record<string, string>>): void {
  const file = existsSync(path) ? realpathSync(path) : path;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const ownSecret = readEnvLines(before).get(VARIABLES.sessionSecret) ?? '';
  const wanted =
    ownSecret.length >= LONG_ENOUGH ? { ...values, [VARIABLES.sessionSecret]: ownSecret } : values;
  const after = mergeEnvLines(before, wanted, {
    heading: 'Written by `userref dev`; for this machine only.',
  });
  if (after !== before) {
    // By renaming: whoever is killed in between leaves the old file or the new one.
    writeFileSync(`${file}.new`, after, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
}

/** What git would commit although it must not; empty where there is no repository. */
export function unignoredPaths(cwd: string, paths: readonly string[]): string[] {
  const git = (args: readonly string[]) => spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (git(['rev-parse', '--is-inside-work-tree']).status !== 0) return [];
  return paths
    .filter((path) => git(['-C', dirname(path), 'check-ignore', '--quiet', path]).status === 1)
    .map((path) => relative(cwd, path));
}
