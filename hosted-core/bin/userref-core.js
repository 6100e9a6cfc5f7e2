#!/usr/bin/env node
// Starts the built command line; in a checkout, the sources themselves.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli/main.js', import.meta.url);
const source = new URL('../src/cli/main.ts', import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (existsSync(source)) {
  await runSource();
} else {
  await import(built.href);
}

async function runSource() {
  if (major > 22 || (major === 22 && minor >= 19)) {
    await import(source.href);
    return;
  }
  // `npm run …` in a checkout keeps a current Node here.
  const kept = fileURLToPath(new URL('../../.cache/node-24/node_modules/.bin/node', import.meta.url));
  if (!existsSync(kept)) {
    process.stderr.write(`userref-core needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
    process.exit(78);
  }
  const { status } = spawnSync(kept, [fileURLToPath(source), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
