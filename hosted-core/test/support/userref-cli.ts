import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The command line, from its sources. */
export const USERREF = join(import.meta.dirname, '../../../sdk-core/cli/main.ts');

/** Runs `userref` as an outsider would: a process of its own, with files only. */
export function runUserref(
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [USERREF, ...args],
      { env, ...(cwd !== undefined && { cwd }) },
      (error, out, err) => {
        done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
      },
    );
  });
}
