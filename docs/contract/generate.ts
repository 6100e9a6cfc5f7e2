import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles, root, staleFiles } from './generated-files.ts';

/** `npm run contract`: writes what differs and says so; `--check` only says so and fails. */
const checkOnly = process.argv.includes('--check');
const stale = staleFiles();
const files = generatedFiles();

for (const path of stale) {
  if (!checkOnly) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  process.stderr.write(
    `${checkOnly ? 'differs from the registries (npm run contract):' : 'wrote'} ${path}\n`,
  );
}

if (checkOnly && stale.length > 0) process.exitCode = 1;
