import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeCoreOptions } from './fake/fake-core-options.ts';
import { FakeCore } from './fake-core.ts';

/** A fake core that listens. */
export interface ServedFakeCore {
  readonly core: FakeCore;
  stop(): Promise<void>;
}

/** How a fake core is served; core and cell share its address. */
export interface ServeOptions extends Omit<FakeCoreOptions, 'issuer' | 'cell'> {
  /** Default: any that is free. */
  readonly port?: number;
}

/**
 * A fake core at `http://localhost:<port>` for tests with a real browser: whoever comes to sign in goes straight
 * back as the one person there is. Core and cell share the address. Node only.
 */
export async function serveFakeCore({ port = 0, ...options }: ServeOptions = {}): Promise<ServedFakeCore> {
  let core: FakeCore | undefined;
  const server = createServer((incoming, outgoing) => {
    answer(core, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  core = new FakeCore({ ...options, issuer, cell: issuer });
  return {
    core,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  core: FakeCore | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await core?.answer(await requestOf(core.issuer, incoming));
  outgoing.writeHead(response?.status ?? 404, Object.fromEntries(response?.headers ?? []));
  outgoing.end(await response?.text());
}

async function requestOf(origin: string, incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headersDistinct } = incoming;
  const headers = Object.entries(headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return new Request(origin + url, {
    method,
    headers,
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
}
