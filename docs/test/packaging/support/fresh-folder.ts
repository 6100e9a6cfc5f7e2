import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../support/repository-files.ts';

const execute = promisify(execFile);

/** Below the repository, since that is where there is room, and below nothing that has `node_modules`: none is found upwards. */
export const workFolder = join(root, '.cache', 'packaging');

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** What npm and Node hand on to what they start would be settings of another command. */
const INHERITED = /^(?:npm_|NODE_OPTIONS$|NODE_ENV$)/i;
const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|\w*CERT\w*)\b/;

/** Runs a program and gives its exit code and all that it said. */
export async function run(program: string, words: string[], cwd: string): Promise<Ran> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !INHERITED.test(name)));
  try {
    const { stdout, stderr } = await execute(program, words, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: code ?? 1, output: stdout + stderr };
  }
}

/**
 * An empty folder with these packages installed. Install scripts do not run. `undefined`, after saying so, when
 * the registry cannot be reached; with `CI=true` that is an error.
 */
export async function freshFolder(
  name: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const folder = join(workFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock'];
  const { code, output } = await run('npm', ['install', '--fetch-retries=1', ...options], folder);
  if (code === 0) return folder;
  if (process.env['CI'] === 'true' || !UNREACHABLE.test(output)) {
    throw new Error(`npm install failed in ${name}: ${output.slice(-2000)}`);
  }
  process.stderr.write(`skipped: ${name} could not be installed, the registry is out of reach\n`);
  return undefined;
}

/** A program of Node in a version, from npm; kept for the next time. */
export async function nodeProgram(major: number): Promise<string | undefined> {
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(workFolder, `node-${major}`, 'node_modules', name, 'bin', 'node');
  if (existsSync(program)) return program;
  const folder = await freshFolder(`node-${major}`, { [name]: String(major) });
  return folder && program;
}
