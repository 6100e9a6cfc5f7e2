import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that one process works with a data folder: a second one would stop the first one's database.
 * A claim whose process has ended counts for nothing.
 * @returns gives the folder back
 * @throws Error that names the process
 */
export function claimFolder(dataDir: string): () => void {
  const file = join(dataDir, 'running.pid');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  if (holder !== undefined && holder !== process.pid && isRunning(holder)) {
    throw new Error(
      `Process ${holder} works with ${dataDir} already. Stop it, or choose another folder and other ports. ` +
        `If no such process is yours, remove ${file}.`,
    );
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
