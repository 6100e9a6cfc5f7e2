import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Command lines of the processes of this machine that name the folder. */
export function processesNaming(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((words) => words.includes(folder));
}

/** Waits up to a minute until none is left; gives those that are. */
export async function untilNoneNames(folder: string): Promise<string[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const left = processesNaming(folder);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(50);
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended in between.
    return '';
  }
}
