import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'wordpress');
const STALE_LOCK_MS = 120_000;

export interface CachedFolder {
  readonly name: string;
  /** What it was made of; another key makes it anew. */
  readonly key: string;
  /** Fills the folder, which is empty and there. */
  make(folder: string): Promise<void>;
}

/**
 * A folder that is made once on this machine. The first caller makes it, others at the same time wait for it.
 * @returns its path; nothing in it may be changed
 */
export async function cachedFolder({ name, key, make }: CachedFolder): Promise<string> {
  const folder = join(CACHE, name);
  const keyFile = join(CACHE, `${name}.key`);
  const isCurrent = () => existsSync(folder) && existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key;
  mkdirSync(CACHE, { recursive: true });
  while (!isCurrent()) {
    const lock = join(CACHE, `${name}.lock`);
    if (!take(lock)) {
      await sleep(200);
      continue;
    }
    try {
      if (isCurrent()) continue;
      const fresh = `${folder}.new`;
      for (const old of [keyFile, folder, fresh]) rmSync(old, { recursive: true, force: true });
      mkdirSync(fresh);
      await make(fresh);
      renameSync(fresh, folder);
      writeFileSync(keyFile, key);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return folder;
}

/** Making a folder succeeds for one of many. A lock that nobody gave back is taken away. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_LOCK_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
