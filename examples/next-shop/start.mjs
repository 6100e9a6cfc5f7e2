// One command from a fresh checkout: builds the SDK and the shop, then starts it. Secrets are needed by the last step
// alone. `--no-build` starts what was built before.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = import.meta.dirname;
const root = join(folder, '..', '..');
const port = process.env.SHOP_PORT ?? '4010';
const tsup = fileURLToPath(import.meta.resolve('tsup')).replace(/index\.js$/, 'cli-default.js');
const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');

if (!process.argv.includes('--no-build')) {
  for (const sdk of ['sdk-core', 'sdk-next']) await run([tsup, '--no-dts', '--no-clean'], join(root, sdk));
  await run([next, 'build'], folder);
}
process.exitCode = await run([next, 'start', '-H', '127.0.0.1', '-p', port], folder);

/** Runs Node to its end; a build that fails ends this process. */
function run(args, cwd) {
  const env = { USERREF_BASE_URL: `http://localhost:${port}`, NEXT_TELEMETRY_DISABLED: '1', ...process.env };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      if (code !== 0 && signal === null && args[1] !== 'start') process.exit(code);
      resolve(code ?? 0);
    });
  });
}
