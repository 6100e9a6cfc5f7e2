import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { root } from './paths.mjs';

/** Type stripping is announced as experimental by the oldest Node that we support. */
const QUIET = '--disable-warning=ExperimentalWarning';

/** Our packages are run from their sources. */
export const FROM_SOURCE = '--conditions=@userref/source';

/**
 * Runs a program to its end and gives its exit code (128 + signal number when a signal ended it).
 * Ctrl-C reaches the child too, and we wait for it to stop.
 */
export function run(program, args, { cwd = root, env = {}, stdio = 'inherit' } = {}) {
  const child = spawn(program, args, { cwd, stdio, env: { ...environment(), ...env } });
  const stopPassing = passSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(stopPassing);
}

export function runNode(args, options) {
  return run(process.execPath, args, options);
}

/** Runs the npm that started us, else the one on the PATH. It works quietly; errors go to stderr. */
export function runNpm(args) {
  const script = process.env.npm_execpath ?? '';
  const isNpm = basename(script) === 'npm-cli.js';
  const all = [...(isNpm ? [script] : []), ...args, '--loglevel=error'];
  return run(isNpm ? process.execPath : 'npm', all, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Like `run`, but keeps the output and hands it back with the exit code. */
export async function capture(program, args, { cwd = root, env = {} } = {}) {
  const child = spawn(program, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...env },
  });
  const stopPassing = passSignals(child);
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? 128 + constants.signals[signal]));
  }).finally(stopPassing);
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

function environment() {
  const options = process.env.NODE_OPTIONS ?? '';
  return { ...process.env, NODE_OPTIONS: options.includes(QUIET) ? options : `${options} ${QUIET}`.trim() };
}

/** How often to look whether the shell above is still there. */
const PARENT_CHECK_MS = 500;

/**
 * A terminal sends Ctrl-C to every process of the group by itself; sending it on would make it two. Without
 * a terminal a signal reaches this process alone, so it is sent on. When npm is ended from outside, its shell
 * dies without a word to us: then the child is stopped too.
 */
function passSignals(child) {
  const onInterrupt = () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  };
  const onTerminate = () => child.kill('SIGTERM');
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onTerminate();
  }, PARENT_CHECK_MS);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onTerminate);
  return () => {
    clearInterval(watch);
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
    process.off('SIGHUP', onTerminate);
  };
}
