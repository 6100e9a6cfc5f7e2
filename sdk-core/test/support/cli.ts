import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COMMANDS } from '../../cli/commands.ts';
import type { Io } from '../../cli/console/io.ts';
import { runCommand } from '../../cli/console/run-command.ts';

/** Its sources. */
export const MAIN = join(import.meta.dirname, '../../cli/main.ts');

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `userref` in this process. */
export async function userref(words: readonly string[], world: Partial<Io> = {}): Promise<CliResult> {
  const [out, err]: string[][] = [[], []];
  const [name = '', ...args] = words;
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) throw new TypeError(`there is no ${name}`);
  const code = await runCommand(command, args, {
    out: (line) => void out?.push(line),
    note: (line) => void err?.push(line),
    env: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
    ...world,
  });
  return { code, out: out?.join('\n') ?? '', err: err?.join('\n') ?? '' };
}

/** Runs `userref` as a process of its own. */
export async function spawnUserref(
  words: readonly string[],
  { cwd, input = '', env = {} }: { cwd?: string; input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, ['--conditions=@userref/source', MAIN, ...words], { cwd, env });
  child.stdin.end(input);
  const exited = new Promise<number>((done) => child.once('close', (code) => done(code ?? -1)));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, out, err };
}

/** A folder for one test file; `remove` it at the end. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'userref-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
