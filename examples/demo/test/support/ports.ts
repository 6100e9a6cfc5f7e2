import { createServer } from 'node:net';
import type { DemoPorts } from '../../src/start-demo.ts';

/** Six ports that nobody listens on. */
export async function freePorts(): Promise<DemoPorts> {
  const servers = await Promise.all(Array.from({ length: 6 }, listen));
  const [core, cell, signIn, shopA, shopB, tour] = servers.map(({ port }) => port) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  await Promise.all(servers.map(({ close }) => close()));
  return { core, cell, signIn, shopA, shopB, tour };
}

function listen(): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      done({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
