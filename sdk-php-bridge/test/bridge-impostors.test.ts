import { execFile } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';

const noPhp = ensurePhp();
const SCRIPT = join(import.meta.dirname, 'support', 'calls.php');
const ANSWERS: Record<string, string> = {
  'POST /v1/logout': '{"logout_url":"https://id.example.eu/session/end"}',
};

/** What PHP gets from a program that answers where the bridge should. */
describe.skipIf(noPhp).each(['curl', 'streams'])('in place of the bridge, asked by %s,', (transport) => {
  let server: Server;
  afterEach(() => void server.close());

  /** @returns what each of some calls in one request of PHP came to, in its own words */
  async function ask(answer: (call: string, socket: Socket) => void): Promise<Record<string, string>> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      let read = '';
      socket.on('data', (chunk: Buffer) => {
        read += chunk.toString('latin1');
        const [, head = '', length = '0'] =
          /^([\s\S]*?content-length: *(\d+)[\s\S]*?\r\n\r\n)/i.exec(read) ?? [];
        if (head === '' || read.length < head.length + Number(length)) return;
        read = '';
        answer(head.split(' ', 2).join(' '), socket);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const said = await new Promise<string>((done, fail) => {
      const words = [SCRIPT, `http://127.0.0.1:${port}`, transport];
      execFile('php', words, (error, out, complaints) => (error ? fail(error) : done(out + complaints)));
    });
    return JSON.parse(said);
  }

  it('a program that hangs up on a connection that was kept gets no call twice', async () => {
    const calls: string[] = [];
    const came = await ask((call, socket) => {
      calls.push(call);
      const body = ANSWERS[call];
      if (body === undefined) socket.destroy();
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      if (transport === 'streams') socket.end();
    });
    expect(calls).toEqual([
      'POST /v1/logout',
      ...Object.keys(came)
        .slice(1)
        .map((path) => `POST ${path}`),
    ]);
    expect(new Set(Object.values(came).slice(1))).toEqual(new Set(['bridge_unreachable']));
  });

  it.each([
    '{}',
    '[]',
    '{"status":"ok"}',
    '{"cookies":1,"session":[],"attributes":"x","sealed":1,"active":1}',
  ])('a program that answers %s is called no bridge, without a word of PHP', async (body) => {
    const came = await ask((_call, socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    );
    const { '/v1/logout': home, ...others } = came;
    expect(home).toBe('https://shop.example/');
    expect(Object.values(others).filter((code) => code !== 'bridge_unreachable')).toEqual([]);
  });
});
