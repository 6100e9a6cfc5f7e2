import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function run(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@userref/source', MAIN, ...words],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

it.each([
  [['--nope'], "Unknown option '--nope'. npm run demo -- --help shows the options."],
  [['next'], "Unexpected argument 'next'. npm run demo -- --help shows the options."],
  [['--with', 'vue'], 'The demo did not start. --with takes next, php, wordpress, laravel.'],
  [['--first-port', '80'], 'The demo did not start. --first-port takes a number from 1024 to 65000.'],
])('%j ends with 2, and with what is wrong', (words, what) => {
  expect(run(...words)).toEqual({ status: 2, stdout: '', stderr: `${what}\n` });
});
