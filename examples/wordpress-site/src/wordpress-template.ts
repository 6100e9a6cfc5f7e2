import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from './machine-cache.ts';
import { startMariaDatabase } from './maria-database.ts';
import { runScript, writePhpSettings } from './php.ts';
import { versionOf, wordPressSource } from './requirements.ts';
import { databaseName, keyNames, writeConfig } from './wordpress-config.ts';

/** What the site of the template is called; whoever copies it gives it a name of its own. */
export const templateUrl = 'http://localhost:1';

const PHP_FOLDER = join(import.meta.dirname, '..', 'php');

/** Lays Debian's WordPress: hard links to one copy, where the file system has them, or else a copy. */
export async function layWordPress(root: string): Promise<void> {
  const files = await cachedFolder({
    name: `files-${versionOf(wordPressSource)}`,
    key: hashOf([versionFile(), readFileSync(import.meta.filename)]),
    async make(folder) {
      execFileSync('cp', ['-rL', `${wordPressSource}/.`, folder]);
      // Debian's settings and rules: sites write their own.
      for (const name of ['wp-config.php', '.htaccess']) rmSync(join(folder, name), { force: true });
    },
  });
  mkdirSync(root, { recursive: true });
  try {
    execFileSync('cp', ['-al', '--remove-destination', `${files}/.`, root], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', `${files}/.`, root]);
  }
  for (const name of ['plugins', 'mu-plugins', 'uploads', 'languages']) {
    mkdirSync(join(root, 'wp-content', name), { recursive: true });
  }
}

/**
 * MariaDB's files after WordPress was installed. Installing takes seconds, a copy takes none. Made anew when WordPress,
 * MariaDB or a script changes.
 */
export function installedDatabase({ isNetwork }: { readonly isNetwork: boolean }): Promise<string> {
  return cachedFolder({
    name: `${isNetwork ? 'network' : 'site'}-${versionOf(wordPressSource)}`,
    key: hashOf([
      versionFile(),
      execFileSync('/usr/sbin/mariadbd', ['--no-defaults', '--version']),
      ...['install.php', 'command-line.php'].map((name) => readFileSync(join(PHP_FOLDER, name))),
      ...['wordpress-template.ts', 'wordpress-config.ts', 'maria-database.ts'].map((name) =>
        readFileSync(join(import.meta.dirname, name)),
      ),
    ]),
    async make(folder) {
      const workshop = mkdtempSync(join(tmpdir(), 'userref-wordpress-'));
      // Open to the user that the database runs as.
      chmodSync(workshop, 0o711);
      try {
        await install(workshop, { isNetwork });
        cpSync(join(workshop, 'database', 'data'), folder, { recursive: true });
      } finally {
        rmSync(workshop, { recursive: true, force: true });
      }
    },
  });
}

function versionFile(): Buffer {
  return readFileSync(join(wordPressSource, 'wp-includes', 'version.php'));
}

function hashOf(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

async function install(workshop: string, { isNetwork }: { readonly isNetwork: boolean }): Promise<void> {
  const root = join(workshop, 'root');
  await layWordPress(root);
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
