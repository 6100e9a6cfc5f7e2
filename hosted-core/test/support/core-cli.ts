import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TENANT } from './cell-fixture.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** Ctrl-C as soon as the output looks like this. */
  readonly interruptAfter?: RegExp;
  /** Written to the command's standard input. */
  readonly input?: string;
  /** On top of the settings, or `undefined` to leave one out. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
}

/** `userref-core` with settings of a test's own, in a folder of its own. */
export function coreCli(database: { coreUrl: string; cellUrl: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'userref-cli-'));
  const file = (name: string) => join(folder, name);
  const settings = {
    NODE_ENV: 'test',
    USERREF_TENANT: TENANT,
    USERREF_REGION: 'eu',
    USERREF_CORE_URL: `http://${TENANT}.test`,
    USERREF_CELL_URL: 'http://cell.test',
    USERREF_CORE_DATABASE_URL: database.coreUrl,
    USERREF_CELL_DATABASE_URL: database.cellUrl,
    USERREF_CORE_SECRET_FILE: file('core.secret'),
    USERREF_KMS: `file:${file('vault.key')}`,
    USERREF_UPSTREAM_ISSUER: 'http://upstream.test',
    USERREF_UPSTREAM_CLIENT_ID: 'cell',
    USERREF_UPSTREAM_CLIENT_SECRET: 'not-a-secret',
    USERREF_LOG_LEVEL: 'silent',
  };

  async function run(args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
    const given = Object.entries({ ...settings, ...options.settings }).filter(
      ([, value]) => value !== undefined,
    );
    writeFileSync(file('core.env'), given.map(([name, value]) => `${name}=${value}`).join('\n'), {
      mode: 0o600,
    });
    const words = ['--conditions=@userref/source', MAIN, '--config', file('core.env'), ...args];
    const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: file('compiled') };
    const child = spawn(process.execPath, words, { stdio: 'pipe', env });
    child.stdin.end(options.input ?? '');
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (options.interruptAfter?.test(stdout)) child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  return { file, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type CoreCli = ReturnType<typeof coreCli>;
