import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENVIRONMENT = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };

/** Test files run side by side: the first installs, the others wait and then find it there. */
const LOCK = join(tmpdir(), 'userref-apt.lock');
const INSTALL = `dpkg --status "$1" 2>/dev/null | grep -q '^Status: install ok installed$' && exit
apt-get update -qq
apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "$1"`;

/**
 * Makes sure that a Debian package is there. Installs a missing one where root does that (in CI by `sudo`),
 * without starting its services. Returns `undefined` when all is well and else why not, after printing it;
 * with `CI=true` it throws, since there nothing may be skipped.
 */
export function ensureDebianPackage(name: string): string | undefined {
  if (isInstalled(name)) return undefined;
  const problem = install(name);
  if (problem === undefined) return undefined;
  const reason = `Debian package ${name} is missing: ${problem}`;
  if (inCi()) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

function inCi(): boolean {
  return process.env['CI'] === 'true';
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
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !inCi()) return 'only root may install it';
  const sudo = isRoot ? [] : ['sudo', '-n', '--preserve-env=RUNLEVEL,DEBIAN_FRONTEND'];
  const [program = '', ...words] = [...sudo, 'flock', LOCK, 'sh', '-c', INSTALL, 'sh', name];
  try {
    execFileSync(program, words, { env: ENVIRONMENT, stdio: 'pipe', timeout: 300_000 });
  } catch {
    return 'apt-get could not install it';
  }
  return isInstalled(name) ? undefined : 'apt-get did not install it';
}
