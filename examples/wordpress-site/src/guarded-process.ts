import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GuardedProcessOptions {
  readonly program: string;
  readonly words: readonly string[];
  /** What it prints is added to this file. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** How it is asked to end. Default: SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** Default: whoever runs us. */
  readonly identity?: { readonly uid?: number; readonly gid?: number };
}

export interface GuardedProcess {
  /** Resolves as soon as it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Asks the program and its children to end; after 15 s it kills them. */
  stop(): Promise<void>;
}

/**
 * A shell leads a process group of the program, its children and a watcher. The watcher reads a pipe from us: when we
 * are gone, however that came, the pipe closes and the watcher ends the group. So nothing is left behind, even by SIGKILL.
 * It asks again each second: PHP's server loses a signal that comes while it starts.
 * The shell waits for both, so that no zombies stay in a container whose first process does not collect them.
 */
const GUARD = `exec 3<&0 </dev/null
trap : TERM INT
"$@" 3<&- & program=$!
(trap '' TERM INT; read -r _ <&3; while kill -"$STOP_SIGNAL" -$$; do sleep 1; done) & watcher=$!
exec 3<&-
while kill -0 $program 2>/dev/null; do wait $program; done
kill -KILL $watcher 2>/dev/null
wait $watcher`;

const PATIENCE_MS = 15_000;

/** Starts a program that does not outlive this process. */
export function startGuardedProcess(options: GuardedProcessOptions): GuardedProcess {
  const { stopSignal = 'SIGTERM' } = options;
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn('sh', ['-c', GUARD, 'sh', options.program, ...options.words], {
    ...options.identity,
    env: {
      PATH: process.env['PATH'] ?? '',
      STOP_SIGNAL: stopSignal.replace('SIG', ''),
      ...options.environment,
    },
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  // A pipe to a program that has ended is no error of ours.
  child.stdin?.on('error', () => {});
  const ended = once(child, 'exit').then(
    () => {},
    () => {},
  );
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    ended,
    hasEnded,
    async stop() {
      if (hasEnded()) return;
      signalGroup(child, stopSignal);
      const isDone = await Promise.race([ended.then(() => true), sleep(PATIENCE_MS, false, { ref: false })]);
      if (!isDone) signalGroup(child, 'SIGKILL');
      await ended;
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended in between.
  }
}
