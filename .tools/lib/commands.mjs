import { FROM_SOURCE, runNode } from './child.mjs';
import { scriptOf } from './paths.mjs';
import { buildStages, contractStage, lintStage, referenceStage, runStages, typeStages } from './stages.mjs';
import { test } from './test-command.mjs';

/**
 * Every command of `npm run …`: what it is for, and what it does with its arguments; gives an exit code. With `takes`
 * it knows these words and no others; without, it has a help of its own.
 */
export const commands = {
  demo: {
    summary: 'start core, cell, database, development sign-in, two shops and a guided tour (--json, --help)',
    run: (args) => runNode([FROM_SOURCE, 'examples/demo/src/main.ts', ...args]),
  },
  test: {
    summary: 'everything that CI runs; with arguments only those tests: npm test -- --project sdk-core',
    run: test,
  },
  bench: {
    summary: 'measure ratios against bare tools: npm run bench [suite] [-- --json]',
    run: (args) => runNode([FROM_SOURCE, 'hosted-core/bench/main.ts', ...args]),
  },
  build: {
    summary: 'build the packages for npm, and the API reference into docs/reference/api',
    takes: [],
    run: () => exitCode([...buildStages(), referenceStage()]),
  },
  check: {
    summary: 'contract, lint and types, without tests',
    takes: [],
    run: () => exitCode([contractStage(), lintStage(), ...typeStages()]),
  },
  contract: {
    summary:
      'write the files that are generated from docs/contract (--check: only look whether they are current)',
    takes: ['--check'],
    run: (args) => runNode(['docs/contract/generate.ts', ...args]),
  },
  format: {
    summary: 'format and mend what can be mended by itself (biome)',
    run: (args) => runNode([scriptOf('@biomejs/biome', 'biome'), 'check', '--write', ...args]),
  },
};

export function usage() {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `Usage: npm run <command> [-- arguments]\n\n${lines.join('\n')}\n`;
}

async function exitCode(stages) {
  const failed = await runStages(stages);
  return failed.length === 0 ? 0 : 1;
}
