import { createConnection } from 'node:net';
import { Problem } from '../console/problem.ts';

const PACKAGE = '@userref/hosted-core';

/** The real core as its package offers it for development; loaded only when it is asked for. */
export type EmulatorModule = typeof import('@userref/hosted-core/development');

/** @throws Problem when the package is not installed */
export async function loadEmulator(): Promise<EmulatorModule> {
  try {
    return await import('@userref/hosted-core/development');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new Problem({
      what: 'The emulator is not installed.',
      why: `It is the real core, in the package ${PACKAGE}, which a site needs during development only.`,
      fix: `npm install -D ${PACKAGE}`,
      cause,
    });
  }
}

function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && String(message).includes(`'${PACKAGE}'`);
}

/** @throws Problem that names the first port that something listens on already */
export async function expectFreePorts(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (!(await isTaken(port))) continue;
    throw new Problem({
      what: `Port ${port} is in use.`,
      why: 'Another program listens there; perhaps an emulator or demo that still runs.',
      fix: 'Stop it, or take other ports: userref dev --first-port 4100',
    });
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
