import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const ENVIRONMENT = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=120'];

let updated = false;

/**
 * Makes sure that a Debian package is there, installing it as root when it is missing, without starting its
 * services. Returns `undefined` when all is well and else why not, after printing it; with `CI=true` it throws,
 * since there nothing may be skipped.
 */
export function ensureDebianPackage(name: string): string | undefined {
  if (isInstalled(name)) return undefined;
  const problem = install(name);
  if (problem === undefined) return undefined;
  const reason = `Debian package ${name} is missing: ${problem}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

function isInstalled(name: string): boolean {
  try {
    const answer = execFileSync('dpkg-query', ['--status', name], { stdio: 'pipe' });
    return answer.toString().includes('\nStatus: install ok installed\n');
  } catch {
    return false;
  }
}

function install(name: string): string | undefined {
  if (!existsSync('/usr/bin/apt-get')) return 'this is no Debian';
  if (process.getuid?.() !== 0) return 'only root may install it';
  try {
    if (!updated) apt('update', '-qq');
    updated = true;
    apt('install', '-y', '-qq', '--no-install-recommends', name);
    return undefined;
  } catch {
    return 'apt-get could not install it';
  }
}

function apt(...words: string[]): void {
  execFileSync('apt-get', [...WAIT_FOR_LOCK, ...words], {
    env: ENVIRONMENT,
    stdio: 'pipe',
    timeout: 300_000,
  });
}
