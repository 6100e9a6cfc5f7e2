import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { relinkInside } from './relink-inside.ts';

const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache');
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const PHPUNIT = join('usr', 'bin', 'phpunit');

/** PHP's extensions that others lean on; the rest follows in any order. */
const FIRST = ['opcache', 'mysqlnd', 'pdo', 'xml', 'dom'];

export interface DebianRelease {
  /** Codename of a Debian release, which need not be this machine's: `trixie`. */
  readonly release: string;
  /** Packages to unpack with all that they depend on. */
  readonly packages: readonly string[];
}

/** Where the release lies, whether it was unpacked already or not: `root` holds its files, `bin` its PHP. */
export function foldersOf(release: string): { readonly root: string; readonly bin: string } {
  const folder = join(CACHE, `debian-${release}`);
  return { root: join(folder, 'root'), bin: join(folder, 'bin') };
}

/** Why tests cannot run on a release, or on the one that the project names; `undefined` when they can, or it names none. */
export function missingRelease(release = process.env['USERREF_TEST_DEBIAN']): string | undefined {
  if (release === undefined || existsSync(foldersOf(release).bin)) return undefined;
  return `packages of Debian ${release} cannot be had`;
}

/**
 * Unpacks packages of another Debian release beside the machine's own, without installing any: programs and PHP
 * libraries that are newer than what the machine has. Its PHP runs by its own loader and C library. About 15 s, once.
 *
 * @throws Error when the packages cannot be had
 */
export function unpackDebianRelease({ release, packages }: DebianRelease): void {
  const folder = join(CACHE, `debian-${release}`);
  const key = packages.join(' ');
  const keyFile = join(folder, 'packages');
  if (existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return;
  const fresh = `${folder}.${process.pid}`;
  try {
    for (const archive of fetchArchives({ release, packages }, join(fresh, 'apt'))) {
      execFileSync('dpkg-deb', ['-x', archive, join(fresh, 'root')]);
    }
    rmSync(join(fresh, 'apt'), { recursive: true });
    relinkInside(join(fresh, 'root'), { finallyAt: join(folder, 'root') });
    linkLaravelDefaults(join(fresh, 'root', 'usr', 'share'));
    writePhp({ fresh, folder });
    writeFileSync(join(fresh, 'packages'), key);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Has apt find the packages as for an empty machine, checked by the keys of Debian, and gives the files. */
function fetchArchives({ release, packages }: DebianRelease, folder: string): string[] {
  const archives = join(folder, 'cache', 'archives');
  for (const one of [join(folder, 'state', 'lists', 'partial'), join(archives, 'partial')]) {
    mkdirSync(one, { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  writeFileSync(join(folder, 'sources.list'), `deb [signed-by=${KEYRING}] ${ownArchive()} ${release} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    // apt would fetch as a user who cannot write here.
    'APT::Sandbox::User': '',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = (...words: string[]) =>
    execFileSync('apt-get', [...options, '-qq', '-y', ...words], { stdio: 'pipe', timeout: 300_000 });
  apt('update');
  apt('install', '--download-only', '--no-install-recommends', ...packages);
  return readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
}

/** Where this machine gets its own Debian from. */
function ownArchive(): string {
  const words = ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'];
  const lines = execFileSync('apt-get', words, { encoding: 'utf8' }).split('\n');
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  const own = lines.find((line) => line.endsWith(` ${codename}`));
  if (own === undefined) throw new Error('apt-get knows no archive of this Debian');
  return own.split(' ')[0] ?? '';
}

/** Laravel (11 and later) does not look where Debian puts its own settings. */
function linkLaravelDefaults(share: string): void {
  const settings = join('php', 'Illuminate', 'config');
  if (existsSync(join(share, settings))) symlinkSync(settings, join(share, 'config'));
}

/**
 * `bin/php`: the unpacked PHP with its extensions, its own libraries, and its PHP libraries found by name; and
 * `bin/phpunit` on it, where that was unpacked.
 */
function writePhp({ fresh, folder }: { fresh: string; folder: string }): void {
  const root = join(folder, 'root');
  const modules = readdirSync(join(fresh, 'root', 'usr', 'lib', 'php')).find((name) => /^\d{8}$/.test(name));
  const program = readdirSync(join(fresh, 'root', 'usr', 'bin')).find((name) => /^php\d\.\d$/.test(name));
  if (modules === undefined || program === undefined) return;
  const extensionDir = join('usr', 'lib', 'php', modules);
  const names = readdirSync(join(fresh, 'root', extensionDir)).map((file) => file.replace(/\.so$/, ''));
  const last = names.filter((name) => !FIRST.includes(name));
  const lines = [
    `extension_dir = "${join(root, extensionDir)}"`,
    `include_path = ".:${join(root, 'usr', 'share', 'php')}"`,
    ...[...FIRST.filter((name) => names.includes(name)), ...last].map((name) =>
      name === 'opcache' ? 'zend_extension = opcache' : `extension = ${name}`,
    ),
  ];
  for (const one of ['bin', 'php.d']) mkdirSync(join(fresh, one));
  writeFileSync(join(fresh, 'php.d', 'unpacked.ini'), `${lines.join('\n')}\n`);
  const { loader, libraries } = machineCode();
  const php = join(fresh, 'bin', 'php');
  writeFileSync(
    php,
    `#!/bin/sh
export PHP_INI_SCAN_DIR='${join(folder, 'php.d')}'
exec '${join(root, loader)}' --library-path '${join(root, libraries)}' '${join(root, 'usr', 'bin', program)}' "$@"
`,
  );
  chmodSync(php, 0o755);
  if (!existsSync(join(fresh, 'root', PHPUNIT))) return;
  const phpunit = join(fresh, 'bin', 'phpunit');
  writeFileSync(phpunit, `#!/bin/sh\nexec '${join(folder, 'bin', 'php')}' '${join(root, PHPUNIT)}' "$@"\n`);
  chmodSync(phpunit, 0o755);
}

/** Debian's places of the loader and of the libraries for this machine's processor. */
function machineCode(): { readonly loader: string; readonly libraries: string } {
  return process.arch === 'arm64'
    ? { loader: 'usr/lib/ld-linux-aarch64.so.1', libraries: 'usr/lib/aarch64-linux-gnu' }
    : { loader: 'usr/lib64/ld-linux-x86-64.so.2', libraries: 'usr/lib/x86_64-linux-gnu' };
}
