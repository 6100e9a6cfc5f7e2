import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the start script keeps a Node of its own, ignored by git. */
export const nodeFolder = join(root, '.cache', 'node-24');

export function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

/** The script behind a command of an installed package, to be run by the Node that runs this. */
export function scriptOf(packageName, command = packageName) {
  const { bin } = readJson('node_modules', packageName, 'package.json');
  return join(root, 'node_modules', packageName, typeof bin === 'string' ? bin : bin[command]);
}
