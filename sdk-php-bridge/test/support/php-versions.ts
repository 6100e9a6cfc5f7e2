import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const MANIFEST = join(import.meta.dirname, '..', 'php-versions');
const CACHE = join(ROOT, '.cache', 'php-versions');

export interface PhpRuntime {
  run(request: { scriptPath: string }): Promise<{ text: string; errors: string }>;
  onMessage(listener: (message: string) => Promise<string>): void;
  mkdir(path: string): void;
  writeFile(path: string, bytes: Uint8Array): void;
  exit(): void;
}

export interface PhpVersions {
  /** Why they cannot be had; it has been said already. */
  readonly problem: string | undefined;
  /** A PHP in WebAssembly with the client, its tests and the vectors, and Laravel's package, under `/client`. */
  start(version: string): Promise<PhpRuntime>;
}

/** Installs the versions into `.cache` where they are missing. With `CI=true` they have to be there. */
export function phpVersions(): PhpVersions {
  const problem = ensureInstalled();
  if (problem !== undefined && process.env['CI'] === 'true') throw new Error(problem);
  if (problem !== undefined) process.stderr.write(`skipped: ${problem}\n`);
  return { problem, start };
}

/** Test files run side by side: the first installs, the others wait and then find it there. */
const INSTALL = `cmp -s package-lock.json installed-lock.json && exit
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && cp package-lock.json installed-lock.json`;

function ensureInstalled(): string | undefined {
  const lock = readFileSync(join(MANIFEST, 'package-lock.json'), 'utf8');
  const installed = join(CACHE, 'installed-lock.json');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return undefined;
  mkdirSync(CACHE, { recursive: true });
  cpSync(MANIFEST, CACHE, { recursive: true });
  try {
    const words = [join(CACHE, 'lock'), 'sh', '-c', INSTALL];
    execFileSync('flock', words, { cwd: CACHE, stdio: 'pipe', timeout: 280_000 });
    return undefined;
  } catch {
    return 'PHP 8.1 to 8.5 in WebAssembly could not be installed';
  }
}

async function start(version: string): Promise<PhpRuntime> {
  const { PHP, loadPHPRuntime } = await fromCache('@php-wasm/universal');
  const { getPHPLoaderModule } = await fromCache(`@php-wasm/node-${version.replace('.', '-')}`);
  const php: PhpRuntime = new PHP(await loadPHPRuntime(await getPHPLoaderModule(), { processId: 1 }));
  for (const folder of [
    'sdk-php-bridge/php/src',
    'sdk-php-bridge/php/tests',
    'sdk-php-bridge/laravel',
    'docs/contract/vectors/accept-language',
    'docs/contract/vectors/passports',
  ]) {
    copyInto(php, join(ROOT, folder), `/client/${folder}`);
  }
  for (const file of ['sdk-php-bridge/php/autoload.php', 'docs/contract/visitor-texts.json']) {
    php.writeFile(`/client/${file}`, readFileSync(join(ROOT, file)));
  }
  for (const file of ['run.php', 'load-laravel.php', 'test-case.php', 'load-plugin.php']) {
    php.writeFile(`/client/${file}`, readFileSync(join(MANIFEST, file)));
  }
  return php;
}

// biome-ignore lint/suspicious/noExplicitAny: the packages are not there when types are checked
async function fromCache(name: string): Promise<any> {
  const file = createRequire(join(CACHE, 'package.json')).resolve(name);
  const entry = file.endsWith('.cjs') ? join(dirname(file), 'index.js') : file;
  return import(/* @vite-ignore */ pathToFileURL(entry).href);
}

/** Copies a folder into the machine. */
export function copyInto(php: PhpRuntime, from: string, to: string): void {
  php.mkdir(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyInto(php, join(from, entry.name), `${to}/${entry.name}`);
    else php.writeFile(`${to}/${entry.name}`, readFileSync(join(from, entry.name)));
  }
}
