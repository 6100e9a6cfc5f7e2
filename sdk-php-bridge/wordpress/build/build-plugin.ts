import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Zippable, zipSync } from 'fflate';
import { compileTranslations } from './translations.ts';

const PLUGIN = fileURLToPath(new URL('..', import.meta.url));
const CLIENT = join(PLUGIN, '..', 'php');
const SLUG = 'userref-login';

const SHIPPED = [`${SLUG}.php`, 'LICENSE', 'assets', 'languages', 'readme.txt', 'src', 'uninstall.php'];
/** What is for those who work on the plug-in. An entry that is in neither list is an error. */
const LEFT_OUT = ['README.md', 'build', 'phpcs.xml'];
/** The doubles are for tests of sites that are made with the client, not for sites that run. */
const CLIENT_LEFT_OUT = /[\\/]src[\\/]Testing(?:[\\/]|$)/;
/** Any fixed time: the same sources give the same bytes. In local time, as ZIP has it. */
const MADE_AT = new Date(2026, 0, 1);

export interface BuiltPlugin {
  readonly version: string;
  /** The plug-in as it is installed. */
  readonly folder: string;
  readonly zip: string;
}

/**
 * Makes the plug-in as sites install it: with the client below `lib/` under a namespace of the plug-in's own, and
 * compiled translations. Needs PHP and gettext. `into` is emptied first.
 */
export function buildPlugin(into: string): BuiltPlugin {
  const folder = join(into, SLUG);
  rmSync(into, { recursive: true, force: true });
  copyPlugin(folder);
  copyClient(join(folder, 'lib'));
  execFileSync('php', [join(PLUGIN, 'build', 'prepare.php'), folder], { stdio: 'pipe' });
  compileTranslations(join(folder, 'languages'));
  const version = versionOf(folder);
  const zip = join(into, `${SLUG}-${version}.zip`);
  writeFileSync(zip, zipSync(entriesOf(folder), { level: 9, mtime: MADE_AT }));
  return { version, folder, zip };
}

function copyPlugin(folder: string): void {
  const unknown = readdirSync(PLUGIN).filter((name) => !SHIPPED.includes(name) && !LEFT_OUT.includes(name));
  if (unknown.length > 0) throw new Error(`Neither shipped nor left out: ${unknown.join(', ')}`);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(PLUGIN).filter((entry) => SHIPPED.includes(entry))) {
    cpSync(join(PLUGIN, name), join(folder, name), { recursive: true });
  }
}

function copyClient(lib: string): void {
  for (const name of ['LICENSE', 'autoload.php', 'src']) {
    const filter = (path: string) => !CLIENT_LEFT_OUT.test(path);
    cpSync(join(CLIENT, name), join(lib, name), { recursive: true, filter });
  }
}

/** The version of the plug-in's header. Its other places must agree. */
function versionOf(folder: string): string {
  const header = find(join(folder, `${SLUG}.php`), /^ \* Version:\s+(\d+\.\d+\.\d+)$/m);
  const stableTag = find(join(folder, 'readme.txt'), /^Stable tag: (\S+)$/m);
  if (header !== stableTag) throw new Error(`The plug-in is ${header} and readme.txt says ${stableTag}`);
  return header;
}

function find(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(file, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${file} has no line like ${pattern.source}`);
  return found;
}

function entriesOf(folder: string): Zippable {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const nameOf = (path: string) => path.slice(dirname(folder).length + 1).replaceAll('\\', '/');
  return Object.fromEntries(files.map((path) => [nameOf(path), new Uint8Array(readFileSync(path))]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { zip } = buildPlugin(join(PLUGIN, '..', '..', '.cache', 'wordpress-plugin'));
  process.stdout.write(`${zip}\n`);
}
