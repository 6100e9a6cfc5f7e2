import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Gives PostgreSQL's libraries the other names by which its programs look for them. The package's install script
 * does that too, but npm may be told to run none (`ignore-scripts`).
 * @param folder of the package with the binaries
 */
export function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as Link[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
      link(relative(dirname(target), source), path);
  }
}

function link(to: string, path: string): void {
  try {
    symlinkSync(to, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return; // another process was faster
    throw new Error(
      'The embedded database is installed without its install script, and its folder cannot be written. ' +
        'Run `npm rebuild` as who installed it.',
      { cause },
    );
  }
}
