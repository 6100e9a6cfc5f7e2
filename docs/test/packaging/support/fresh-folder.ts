import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { workFolder } from './work-folder.ts';

const execute = promisify(execFile);

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

type Dependencies = Readonly<Record<string, string>>;

/**
 * An empty folder with these packages installed. Install scripts do not run. `undefined`, after saying so, when
 * the registry cannot be reached; with `CI=true` that is an error.
 */
export function freshFolder(name: string, dependencies: Dependencies): Promise<string | undefined> {
  return install(join(inject('freshFolders'), name), dependencies);
}

async function install(folder: string, dependencies: Dependencies): Promise<string | undefined> {
  const name = basename(folder);
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
  const folder = await install(join(workFolder, `node-${major}`), { [name]: String(major) });
  return folder && program;
}
