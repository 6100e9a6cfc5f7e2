import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedAddress } from '../../../src/outbound/guarded-connector.ts';
import {
  checkOutboundTarget,
  createOutboundFetch,
  OutboundError,
  type OutboundPolicy,
} from '../../../src/outbound/outbound-fetch.ts';

const servers: (Server | TcpServer)[] = [];

async function listen<S extends Server | TcpServer>(server: S, host = '127.0.0.1'): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, host, done));
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener) => listen(createServer(listener));

afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

function outbound(
  policy: OutboundPolicy,
  options: { answers?: ResolvedAddress[][]; timeoutMs?: number; maxBytes?: number } = {},
) {
  const answers = [...(options.answers ?? [])];
  let lookups = 0;
  const fetch = createOutboundFetch({
    policy,
    timeoutMs: options.timeoutMs ?? 20_000,
    maxBytes: options.maxBytes ?? 1_000,
    ...(options.answers && {
      resolveName: async () => {
        lookups += 1;
        return answers.length > 1 ? (answers.shift() ?? []) : (answers[0] ?? []);
      },
    }),
  });
  return { fetch, lookups: () => lookups };
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return 'allowed';
  expect(error).toBeInstanceOf(OutboundError);
  return (error as OutboundError).reason;
}

const V4 = (address: string): ResolvedAddress => ({ address, family: 4 });
const V6 = (address: string): ResolvedAddress => ({ address, family: 6 });

describe('no socket is opened', () => {
  let port: number;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    port = await listen(
      createTcpServer((socket) => {
        connections += 1;
        socket.destroy();
      }),
      '::',
    );
  });

  it('the listener counts connections at all (control)', async () => {
    await reasonOf(outbound('any').fetch(`http://127.0.0.1:${port}/`));
    await reasonOf(outbound('any').fetch(`http://[::1]:${port}/`));
    expect(connections).toBe(2);
  });

  it.each([
    ...[
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '017700000001',
      '0',
      '0.0.0.0',
      '127.0.0.1.',
      'localhost',
    ],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
  ])('for https://%s', async (host) => {
    expect(await reasonOf(outbound('public').fetch(`https://${host}:${port}/`))).toBe('address_not_allowed');
    expect(connections).toBe(0);
  });

  it.each([
    ['a private address', [V4('127.0.0.1')]],
    ['IPv6 loopback', [V6('::1')]],
    ['a mapped address', [V6('::ffff:127.0.0.1')]],
    ['a public and a private address', [V4('1.1.1.1'), V4('127.0.0.1')]],
    ['a zone', [V6('fe80::1%lo')]],
    ['something that is no address', [{ address: 'localhost', family: 4 }]],
  ])('for a name that resolves to %s', async (_what, answer) => {
    const { fetch } = outbound('public', { answers: [answer] });
    expect(await reasonOf(fetch(`https://shop.example:${port}/`))).toBe('address_not_allowed');
    expect(connections).toBe(0);
  });

  it('for a name that was public when it was registered and is private at the request', async () => {
    const answers = [[V4('1.1.1.1')], [V4('127.0.0.1')]];
    const resolveName = async () => answers.shift() ?? [];
    const target = `https://shop.example:${port}/`;
    await checkOutboundTarget(target, { policy: 'public', resolveName });
    const fetch = createOutboundFetch({ policy: 'public', timeoutMs: 20_000, maxBytes: 100, resolveName });
    expect(await reasonOf(fetch(target))).toBe('address_not_allowed');
    expect(connections).toBe(0);
  });

  it('for a name without addresses', async () => {
    expect(await reasonOf(outbound('public', { answers: [[]] }).fetch(`https://shop.example:${port}/`))).toBe(
      'name_not_resolved',
    );
  });

  it('for http under `public`, even when the caller passes a dispatcher of its own', async () => {
    const init = { dispatcher: { dispatch: () => expect.unreachable() } } as unknown as RequestInit;
    expect(await reasonOf(outbound('public').fetch(`http://127.0.0.1:${port}/`, init))).toBe(
      'scheme_not_allowed',
    );
    expect(await reasonOf(outbound('public').fetch(`https://127.0.0.1:${port}/`, init))).toBe(
      'address_not_allowed',
    );
    expect(connections).toBe(0);
  });
});

describe('a request', () => {
  it('connects to the address that was checked; a later answer of the resolver changes nothing', async () => {
    const port = await serve((_request, response) => response.end('pinned'));
    const { fetch, lookups } = outbound('public-and-loopback', {
      answers: [[V4('127.0.0.1')], [V4('10.0.0.1')]],
    });
    const response = await fetch(`http://shop.example:${port}/hook`);
    expect(await response.text()).toBe('pinned');
    expect(lookups()).toBe(1);
    expect(response.url).toBe(`http://shop.example:${port}/hook`);
  });

  it('carries method, headers and the exact body', async () => {
    let seen: { method: string | undefined; type: string | undefined; body: string } | undefined;
    const port = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen = {
        method: request.method,
        type: request.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      };
      response.writeHead(204).end();
    });
    const response = await outbound('public-and-loopback').fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{ "a":1 }'),
    });
    expect(response.status).toBe(204);
    expect(seen).toEqual({ method: 'POST', type: 'application/json', body: '{ "a":1 }' });
  });

  it('may be a Request', async () => {
    const port = await serve((request, response) => {
      request.pipe(response.setHeader('x-seen', `${request.method} ${request.headers['x-mark']}`));
    });
    const request = new Request(`http://127.0.0.1:${port}/`, {
      method: 'PUT',
      headers: { 'x-mark': 'here' },
      body: 'from a Request',
    });
    const response = await outbound('public-and-loopback').fetch(request);
    expect(response.headers.get('x-seen')).toBe('PUT here');
    expect(await response.text()).toBe('from a Request');
    expect(await reasonOf(outbound('public').fetch(new Request('https://127.0.0.1/')))).toBe(
      'address_not_allowed',
    );
  });

  it('returns a redirect as it is and asks its target nothing, whatever the caller wants', async () => {
    let followed = 0;
    const port = await serve((request, response) => {
      if (request.url === '/private') followed += 1;
      response.writeHead(307, { location: '/private' }).end();
    });
    const response = await outbound('public-and-loopback').fetch(`http://127.0.0.1:${port}/`, {
      redirect: 'follow',
    });
    expect(response.status).toBe(307);
    expect(response.headers.get('location')).toBe('/private');
    await response.text();
    expect(followed).toBe(0);
  });

  it('reports a refused connection as connect_failed', async () => {
    const port = await serve(() => {});
    await new Promise((done) => servers.pop()?.close(done));
    expect(await reasonOf(outbound('any').fetch(`http://127.0.0.1:${port}/`))).toBe('connect_failed');
  });

  it('keeps the reason of the caller’s own abort', async () => {
    const port = await serve(() => {});
    const signal = AbortSignal.timeout(50);
    const thrown = await outbound('any')
      .fetch(`http://127.0.0.1:${port}/`, { signal })
      .catch((error) => error);
    expect(thrown).toBe(signal.reason);
    expect(thrown.name).toBe('TimeoutError');
  });
});

describe('limits', () => {
  it('a body of exactly the limit passes, one byte more fails', async () => {
    const port = await serve((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
    const { fetch } = outbound('any', { maxBytes: 100_000 });
    expect((await (await fetch(`http://127.0.0.1:${port}/100000`)).text()).length).toBe(100_000);
    const tooLong = await fetch(`http://127.0.0.1:${port}/100001`);
    expect(await reasonOf(tooLong.text())).toBe('body_too_large');
  });

  it('a gzip bomb is cut at the limit after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const before = process.memoryUsage().rss;
    const response = await outbound('any', { maxBytes: 10_000 }).fetch(`http://127.0.0.1:${port}/`);
    expect(await reasonOf(response.arrayBuffer())).toBe('body_too_large');
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  it('a server that accepts and says nothing is left after the time limit', async () => {
    const port = await serve(() => {});
    expect(await reasonOf(outbound('any', { timeoutMs: 200 }).fetch(`http://127.0.0.1:${port}/`))).toBe(
      'timeout',
    );
  });

  it('a body that trickles is cut at the total time, however steadily it comes', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const response = await outbound('any', { timeoutMs: 300 }).fetch(`http://127.0.0.1:${port}/`);
    expect(await reasonOf(response.text())).toBe('timeout');
  });

  it('a resolver that never answers is left after the time limit', async () => {
    const fetch = createOutboundFetch({
      policy: 'public',
      timeoutMs: 100,
      maxBytes: 100,
      resolveName: () => new Promise(() => {}),
    });
    expect(await reasonOf(fetch('https://shop.example/'))).toBe('timeout');
  });
});
