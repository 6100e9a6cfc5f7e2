#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';
import packageJson from '../package.json' with { type: 'json' };
import { COMMANDS, overview } from './commands.ts';
import type { Io } from './console/io.ts';
import { nearest } from './console/nearest.ts';
import { runCommand } from './console/run-command.ts';

const [name = '', ...args] = process.argv.slice(2);
const STDIN = 0;
let interrupted: AbortController | undefined;
// Whoever read the output (`| head`) has seen enough: what runs on and on ends in order, the rest as it would.
for (const stream of [process.stdout, process.stderr]) stream.on('error', endOfReader);
process.exitCode = await main();

async function main(): Promise<number> {
  const command = COMMANDS.find((one) => one.name === name);
  if (command) return runCommand(command, args, terminal());
  const asked = name === 'help' && COMMANDS.find((one) => one.name === args[0]);
  if (asked) return runCommand(asked, ['--help'], terminal());
  if (['', '--help', '-h', 'help'].includes(name)) {
    process.stdout.write(`${overview()}\n`);
    return 0;
  }
  if (name === '--version') {
    process.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  const names = COMMANDS.map((one) => one.name);
  const [similar] = nearest(name, names);
  const hint = similar === undefined ? `There are: ${names.join(', ')}.` : `Did you mean «${similar}»?`;
  process.stderr.write(`There is no command «${name}». ${hint}\n`);
  return 2;
}

function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  interrupted?.abort();
}

function terminal(): Io {
  const isWatched = process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${isWatched ? '\r\u001b[K' : ''}${text}\n`),
    progress: isWatched ? (text) => void process.stderr.write(`\r\u001b[K${text}`) : undefined,
    // Not process.stdin.isTTY: whoever asks for that stops waiting for a pipe that is slow.
    ask: isatty(STDIN) ? ask : undefined,
    env: process.env,
    cwd: process.cwd(),
    // Made when a command asks for it: the others end at the first Ctrl-C by themselves.
    get signal() {
      interrupted ??= untilInterrupted();
      return interrupted.signal;
    },
  };
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** The first Ctrl-C lets a command end in order; the second one ends it at once. */
function untilInterrupted(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller;
}
