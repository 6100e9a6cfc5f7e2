import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that systems give to whoever asks for any: nobody gets one between its choice and its use. */
const [FIRST, PAST] = [20_000, 32_000];
const given = new Set<number>();

/** A port of loopback that nobody listens on, for a server that is told its port. */
export async function freePort(): Promise<number> {
  const port = randomInt(FIRST, PAST);
  if (given.has(port) || !(await isFree(port))) return freePort();
  given.add(port);
  return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}
