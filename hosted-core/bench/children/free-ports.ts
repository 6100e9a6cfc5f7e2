import { createServer } from 'node:net';

/** Ports of loopback that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = probes.map(({ port }) => port);
  await Promise.all(probes.map(({ close }) => close()));
  return ports;
}

/** A port from which all the given distances are free too. */
export async function freeBlock(distances: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const probes = await Promise.allSettled(distances.map((distance) => listen(first + distance)));
    for (const probe of probes) if (probe.status === 'fulfilled') await probe.value.close();
    if (probes.every((probe) => probe.status === 'fulfilled')) return first;
  }
  throw new Error('no free ports found');
}

function listen(wanted: number): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      done({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
