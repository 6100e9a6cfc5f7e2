import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs `userref-core` as its users do; everything that it says in one text. */
export async function runCli(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--conditions=@userref/source', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A setting that the command line does not know, such as the browser of this test run, would be refused.
    env: { PATH: process.env['PATH'] },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}
