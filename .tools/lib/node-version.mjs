import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runNpm } from './child.mjs';
import { nodeFolder } from './paths.mjs';
import { say } from './say.mjs';

/** The oldest Node that our packages run on. */
const OLDEST = [22, 19];

/** What is brought when the present Node is older. */
const BROUGHT = '24';

/**
 * Does nothing on a current Node. On an older one: brings Node 24 into an ignored folder, once, runs this same
 * command line under it, and gives its exit code.
 */
export async function ensureNode() {
  if (isCurrent(process.versions.node)) return undefined;
  const bin = join(nodeFolder, 'node_modules', '.bin');
  if (!existsSync(nodeProgram())) await bringNode();
  return run(nodeProgram(), process.argv.slice(1), {
    cwd: process.cwd(),
    env: { PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
}

function isCurrent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function bringNode() {
  say(
    `Node ${process.versions.node} is too old here; installing Node ${BROUGHT} into .cache/node-24 (once).`,
  );
  mkdirSync(nodeFolder, { recursive: true });
  const packageSpec = `${platformPackage()}@${BROUGHT}`;
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts'];
  const code = await runNpm(['install', '--prefix', nodeFolder, packageSpec, ...options]);
  if (code !== 0 || !existsSync(nodeProgram())) {
    throw new Error(
      `Node ${BROUGHT} could not be installed from npm. Install Node ${OLDEST.join('.')} or newer by hand.`,
    );
  }
}

/** The npm package `node` fetches one of these in an install script; taken directly, no script has to run. */
function platformPackage() {
  if (process.platform === 'win32') return `node-win-${process.arch}`;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

function nodeProgram() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(nodeFolder, 'node_modules', platformPackage(), 'bin', name);
}
