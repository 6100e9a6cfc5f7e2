import { connect, createServer, type NetConnectOpts } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedProcess } from './guarded-process.ts';

const START_TIMEOUT_MS = 20_000;

/** Waits until the program takes connections. @throws Error with `problem` when it ends or takes more than 20 s */
export async function untilListening(
  running: GuardedProcess,
  { at, problem }: { readonly at: NetConnectOpts; readonly problem: string },
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!running.hasEnded() && Date.now() < deadline) {
    if (await isListening(at)) return;
    await sleep(25);
  }
  await running.stop();
  throw new Error(problem);
}

/** Whether anything takes connections there. */
export function isListening(at: NetConnectOpts): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(at);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
