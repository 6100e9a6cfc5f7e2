import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Serving, serve } from './serve.ts';

export interface PhpEchoConfig {
  /** For the socket. */
  readonly folder: string;
  readonly path: string;
  /** What it answers with. */
  readonly answer: unknown;
}

export interface PhpEchoes {
  readonly socket: string;
  readonly tcp: string;
}

/** Bare Fastify with one route, on a socket and on a port: the least that a bridge of any kind costs. */
serve(async ({ folder, path, answer }: PhpEchoConfig): Promise<Serving<PhpEchoes>> => {
  const [bySocket, byPort] = [echo(path, answer), echo(path, answer)];
  const socket = join(folder, 'echo.sock');
  await bySocket.listen({ path: socket });
  await byPort.listen({ host: '127.0.0.1', port: 0 });
  const { port } = byPort.server.address() as AddressInfo;
  return {
    ready: { socket: `unix:${socket}`, tcp: `http://127.0.0.1:${port}` },
    async stop() {
      await bySocket.close();
      await byPort.close();
    },
  };
});

function echo(path: string, answer: unknown): FastifyInstance {
  const app = Fastify();
  app.get(path, async () => answer);
  return app;
}
