import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child.mjs';
import { say } from './say.mjs';

/** Names that a Chromium goes by. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The packages of Debian: the browser, and a font with Latin, Cyrillic and Arabic letters. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

/**
 * Finds a Chromium, on Debian as root installs it, and gives the environment for the browser tests:
 * `USERREF_CHROMIUM` (its path), or nothing where there is none. With CI=true that is an error.
 */
export async function browserEnvironment() {
  const present = findChromium() ?? (await installChromium());
  if (present !== undefined) return { USERREF_CHROMIUM: present };
  if (process.env.CI === 'true') throw new Error('CI needs Chromium, and it could not be installed.');
  say('SKIP: no Chromium found, so the browser tests are skipped. Install it, or set USERREF_CHROMIUM.');
  return {};
}

function findChromium() {
  if (process.env.USERREF_CHROMIUM !== undefined) return process.env.USERREF_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

async function installChromium() {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return undefined;
  say(`Installing ${PACKAGES.join(' and ')} (apt-get).`);
  const updated = await apt(['update']);
  if (updated === 0) await apt(['install', '-y', '--no-install-recommends', ...PACKAGES]);
  return findChromium();
}

/** RUNLEVEL=1 keeps freshly installed services from starting. */
function apt(args) {
  return run('apt-get', ['-qq', ...args], {
    stdio: ['ignore', 2, 2],
    env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
}
