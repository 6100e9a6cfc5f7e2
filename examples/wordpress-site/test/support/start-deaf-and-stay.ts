import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGuardedProcess } from '../../src/guarded-process.ts';

/** A program that a test can kill: starts one that does not hear the first signal it gets, and stays. */
const folder = process.argv[2] ?? '';
const logFile = join(folder, 'deaf.log');
const deaf = `trap 'trap - TERM' TERM; echo ready; while :; do sleep 0.1; done`;
startGuardedProcess({ program: 'sh', words: ['-c', deaf, folder], logFile });
while (!readFileSync(logFile, 'utf8').includes('ready')) await sleep(20);
process.stdout.write('started\n');
