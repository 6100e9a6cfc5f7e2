import { runNpm } from './child.mjs';
import { readJson } from './paths.mjs';
import { say } from './say.mjs';

/** Installs the packages of package-lock.json, unless exactly those are installed. */
export async function ensurePackages() {
  if (isInstalled()) return;
  say('Installing packages (npm ci).');
  const code = await runNpm(['ci']);
  if (code !== 0) throw new Error('npm ci failed; the lines above say why.');
}

/** npm notes what it has installed in a hidden lock, written last; it is held against the one of the project. */
function isInstalled() {
  const wanted = readJson('package-lock.json').packages;
  const installed = installedPackages();
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link === true) return true;
    const present = installed[path];
    if (present === undefined) return entry.optional === true || entry.devOptional === true;
    return present.version === entry.version && present.integrity === entry.integrity;
  });
}

function installedPackages() {
  try {
    return readJson('node_modules', '.package-lock.json').packages;
  } catch {
    return {};
  }
}
