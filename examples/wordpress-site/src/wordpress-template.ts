import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMariaDatabase } from './maria-database.ts';
import { runScript, writePhpSettings } from './php.ts';
import { wordPressSource } from './requirements.ts';
import { databaseName, keyNames, writeConfig } from './wordpress-config.ts';

/** What the site of the template is called; whoever copies it gives it a name of its own. */
export const templateUrl = 'http://localhost:1';

const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'wordpress');
const PHP_FOLDER = join(import.meta.dirname, '..', 'php');
const STALE_LOCK_MS = 120_000;

/** Copies Debian's WordPress, links followed. */
export function layWordPress(root: string): void {
  mkdirSync(root, { recursive: true });
  execFileSync('cp', ['-rL', `${wordPressSource}/.`, root]);
  // Debian's settings, readable for everybody; ours are not.
  rmSync(join(root, 'wp-config.php'), { force: true });
  for (const name of ['plugins', 'mu-plugins', 'uploads', 'languages']) {
    mkdirSync(join(root, 'wp-content', name), { recursive: true });
  }
}

/**
 * Folder with MariaDB's files after WordPress was installed. Installing takes seconds, a copy takes none: the first
 * caller on this machine installs, the others wait and copy. Made anew when WordPress, MariaDB or a script changes.
 */
export async function installedDatabase({ isNetwork }: { readonly isNetwork: boolean }): Promise<string> {
  const kind = isNetwork ? 'network' : 'site';
  const folder = join(CACHE, kind);
  const key = currentKey();
  const isCurrent = () => keyOf(folder) === key;
  mkdirSync(CACHE, { recursive: true });
  while (!isCurrent()) {
    const lock = join(CACHE, `${kind}.lock`);
    if (!take(lock)) {
      await sleep(200);
      continue;
    }
    try {
      if (!isCurrent()) await makeTemplate(folder, { key, isNetwork });
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return join(folder, 'data');
}

/** The folder may be taken away at any moment by somebody who makes it anew. */
function keyOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'key'), 'utf8');
  } catch {
    return undefined;
  }
}

function currentKey(): string {
  const parts = [
    readFileSync(join(wordPressSource, 'wp-includes', 'version.php')),
    execFileSync('/usr/sbin/mariadbd', ['--no-defaults', '--version']),
    ...['install.php', 'command-line.php'].map((name) => readFileSync(join(PHP_FOLDER, name))),
    ...['wordpress-template.ts', 'wordpress-config.ts', 'maria-database.ts'].map((name) =>
      readFileSync(join(import.meta.dirname, name)),
    ),
  ];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
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

async function makeTemplate(
  folder: string,
  { key, isNetwork }: { readonly key: string; readonly isNetwork: boolean },
): Promise<void> {
  const workshop = mkdtempSync(join(tmpdir(), 'userref-wordpress-'));
  // Open to the user that the database runs as.
  chmodSync(workshop, 0o711);
  try {
    await install(workshop, { isNetwork });
    const fresh = join(workshop, 'template');
    cpSync(join(workshop, 'database', 'data'), join(fresh, 'data'), { recursive: true });
    writeFileSync(join(fresh, 'key'), key);
    const aside = `${folder}.new`;
    rmSync(aside, { recursive: true, force: true });
    cpSync(fresh, aside, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function install(workshop: string, { isNetwork }: { readonly isNetwork: boolean }): Promise<void> {
  const root = join(workshop, 'root');
  layWordPress(root);
  const database = await startMariaDatabase({ folder: join(workshop, 'database') });
  try {
    await database.run(`create database ${databaseName} character set utf8mb4`);
    const file = (name: string) => join(workshop, name);
    writeConfig({
      root,
      socket: database.socket,
      debugLog: file('debug.log'),
      keys: Object.fromEntries(keyNames.map((name) => [name, name])),
      constants: {},
    });
    const php = { root, folder: workshop, logFile: file('php.log'), mailFile: file('mail.log') };
    writePhpSettings(php);
    await runScript(php, { script: 'install', url: templateUrl, isNetwork });
  } finally {
    await database.stop();
  }
}
