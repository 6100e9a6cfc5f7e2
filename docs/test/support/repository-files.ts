import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSource, type SourceFile } from './source-file.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every file that is committed or about to be: tracked, or new and not ignored. */
export function repositoryFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(list.split('\0'))].filter((path) => path !== '' && exists(path)).sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Sources that ship or run: no tests, nothing generated. */
export function shippedSources(): SourceFile[] {
  return repositoryFiles()
    .filter((path) => /\.(ts|mts|mjs|js)$/.test(path))
    .filter((path) => !/(^|\/)(test|generated)\//.test(path) && !/generated\.ts$/.test(path))
    .map((path) => parseSource(path, readText(path)));
}

function exists(path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false;
}
