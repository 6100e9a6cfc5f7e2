import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ServedFakeCore } from '@userref/sdk-core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BRIDGE_SECRET,
  removeFolders,
  serveCore,
  startTestBridge,
  type TestBridge,
} from './support/test-bridge.ts';

const HEADERS = `Host: localhost\r\nAuthorization: Bearer ${BRIDGE_SECRET}\r\n`;
const POST = `POST /v1/logout HTTP/1.1\r\n${HEADERS}Content-Type: application/json\r\n`;
/** Must be read as part of the body before it, or not at all. */
const SECOND = `GET /v1/openapi.json HTTP/1.1\r\n${HEADERS}Connection: close\r\n\r\n`;

let served: ServedFakeCore;
let bridge: TestBridge;

beforeAll(async () => {
  served = await serveCore();
  bridge = await startTestBridge(served.core);
});
afterAll(async () => {
  await bridge.stop();
  await served.stop();
  removeFolders();
});

/** What comes back until the bridge hangs up. */
async function send(text: string): Promise<string> {
  const socket = connect(bridge.socket);
  socket.on('error', () => undefined);
  let read = '';
  socket.on('data', (chunk: Buffer) => {
    read += chunk.toString();
  });
  socket.write(text);
  await once(socket, 'close');
  return read;
}

const statuses = (read: string) => [...read.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);

describe('a request on the wire', () => {
  it.each([
    ['a length and chunks', `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
    ['chunks and a length', `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${SECOND}`],
    ['two lengths', `Content-Length: 2\r\nContent-Length: 400\r\n\r\n{}${SECOND}`],
    ['a list of lengths', `Content-Length: 2, 2\r\n\r\n{}${SECOND}`],
    ['a length with a sign', `Content-Length: +2\r\n\r\n{}${SECOND}`],
    ['a space in front of the colon', `Content-Length : 2\r\n\r\n{}${SECOND}`],
    ['an unknown coding', `Transfer-Encoding: xchunked\r\n\r\n{}${SECOND}`],
    ['chunks that are not the last coding', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`],
    ['a folded line', `X-A: b\r\n Content-Length: 2\r\n\r\n{}${SECOND}`],
    ['a line feed alone', `X-A: b\nContent-Length: 2\r\n\r\n{}${SECOND}`],
    ['a NUL in a header', `X-A: b\0\r\nContent-Length: 2\r\n\r\n{}${SECOND}`],
  ])('that has %s is refused, and nothing behind it is read', async (_what, rest) => {
    expect(statuses(await send(POST + rest))).toEqual(['400']);
  });

  it.each([
    ['a target on another host', 'GET http://evil.example/v1/openapi.json HTTP/1.1\r\n'],
    ['a target on this host', 'GET http://localhost/v1/openapi.json HTTP/1.1\r\n'],
    ['two hosts', 'GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n'],
    ['two hosts, ours last', 'GET /v1/openapi.json HTTP/1.1\r\nHost: evil.example\r\n'],
    ['no host and no place', 'OPTIONS * HTTP/1.1\r\n'],
  ])('that has %s is for somebody else', async (_what, line) => {
    const answer = await send(`${line}${HEADERS}Connection: close\r\n\r\n`);
    expect([statuses(answer), answer]).toEqual([['403'], expect.stringContaining('"code":"forbidden"')]);
  });

  it('and the one behind it are two', async () => {
    const both = `${POST}Content-Length: 2\r\n\r\n{}${SECOND}`;
    expect(statuses(await send(both))).toEqual(['200', '200']);
  });

  it.each(['/v1/%zz', '/v1/%ff%fe'])('for %s needs the secret as well, and is no call', async (path) => {
    const open = await send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect([statuses(open), open]).toEqual([['401'], expect.stringContaining('bridge_unauthorized')]);
    const known = await send(`GET ${path} HTTP/1.1\r\n${HEADERS}Connection: close\r\n\r\n`);
    expect([statuses(known), known]).toEqual([['404'], expect.stringContaining('application/problem+json')]);
    expect(known).not.toContain(path);
  });

  it('shows no name that was sent, where it does not fit', async () => {
    const canary = 'sample-street-1';
    for (const [path, body] of Object.entries({
      '/v1/login/start': { cookies: { [canary]: 1 } },
      '/v1/webhook/verify': { headers: { [canary]: 1 }, body_base64: '' },
    })) {
      const answer = await bridge.call(path, { body });
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([
        400,
        expect.not.stringContaining(canary),
      ]);
    }
    expect(bridge.log()).not.toContain(canary);
  });

  it('whose body does not come is given up', async () => {
    const began = await begin();
    const [said] = (await once(began, 'data')) as [Buffer];
    expect(String(said)).toContain('HTTP/1.1 408');
    await once(began, 'close');
  });

  it('whose body does not come keeps no bridge that is told to go', async () => {
    const other = await startTestBridge(served.core);
    const began = await begin(other.socket);
    const closed = once(began, 'close');
    await other.stop();
    await closed;
  });
});

/** A call that never gets further than its first byte. */
async function begin(path = bridge.socket): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`${POST}Content-Length: 20\r\n\r\n{`);
  return socket;
}
