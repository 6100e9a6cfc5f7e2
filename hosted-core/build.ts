/**
 * Builds the service for npm: `tsc` keeps the tree as it is, and what the sources read from beside themselves
 * (templates, style sheets) is copied along. Migrations stay where they are, beside `dist`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');

rmSync(join(here, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.build.json')], { stdio: 'inherit' });
for (const file of globSync('**/*.{eta,css,svg}', { cwd: join(here, 'src') })) {
  cpSync(join(here, 'src', file), join(here, 'dist', file));
}
