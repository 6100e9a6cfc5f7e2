import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bad, type Finding, good, warning } from './finding.ts';

const OLDEST_NODE = [22, 19] as const;
const LOCKSTEP = ['@userref/sdk-core', '@userref/sdk-express', '@userref/sdk-next'];

/** Node, and the packages of Userref that the project in `cwd` has. */
export function checkVersions(cwd: string, node = process.versions.node): Finding[] {
  return [checkNode(node), checkPackages(cwd)];
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isNew) return good('node', `Node ${version}.`);
  return bad('node', `Node ${version} is too old.`, `Take Node ${OLDEST_NODE.join('.')} or newer.`);
}

function checkPackages(cwd: string): Finding {
  const installed = LOCKSTEP.flatMap((name) => {
    const version = versionOf(name, cwd);
    return version === undefined ? [] : [{ name, version }];
  });
  const versions = new Set(installed.map(({ version }) => version));
  const list = installed.map(({ name, version }) => `${name} ${version}`).join(', ');
  if (versions.size <= 1) return good('packages', list || 'No package of Userref is installed here.');
  return warning(
    'packages',
    `The packages are of different versions: ${list}.`,
    `npm install ${installed.map(({ name }) => `${name}@latest`).join(' ')}`,
  );
}

function versionOf(name: string, cwd: string): string | undefined {
  try {
    const file = createRequire(join(cwd, 'package.json')).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
