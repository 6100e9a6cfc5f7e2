import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailSink, type MailSinkOptions, startMailSink } from '../../../src/development/index.ts';
import { converse, ORDER, send, sendRaw } from '../../support/mail.ts';

let sink: MailSink;
beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.stop());
afterEach(() => sink.clear());

async function read(path: string): Promise<Response> {
  return fetch(`${sink.url}${path}`);
}

describe('the mail sink', () => {
  it('shows what was sent, to programs and to people', async () => {
    await send(
      {
        ...ORDER,
        bcc: 'blind@example.test',
        attachments: [{ filename: 'invoice.pdf', content: 'not really' }],
      },
      sink,
    );

    const { messages } = (await (await read('/messages')).json()) as { messages: { id: number }[] };
    expect(messages).toEqual([
      {
        id: messages[0]?.id,
        received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
        bytes: expect.any(Number),
        envelope: { from: 'orders@shop-a.test', to: ['buyer@example.test', 'blind@example.test'] },
        from: 'Shop A <orders@shop-a.test>',
        to: ['Sample Person <buyer@example.test>'],
        cc: [],
        reply_to: [],
        subject: 'Ihre Bestellung ✓',
        text: 'Thank you.\n',
        html: '<p>Thank <b>you</b>.</p>\n',
        headers: expect.arrayContaining([{ name: 'MIME-Version', value: '1.0' }]),
        attachments: [{ filename: 'invoice.pdf', content_type: 'application/pdf', bytes: 10 }],
      },
    ]);
    const id = messages[0]?.id;
    expect(await (await read('/')).text()).toContain('Ihre Bestellung ✓');
    expect(await (await read(`/mails/${id}`)).text()).toContain('invoice.pdf');
    expect(await (await read(`/mails/${id}/source`)).text()).toContain('Content-Disposition: attachment');
    expect(await (await read(`/messages/${id}`)).json()).toEqual(messages[0]);
  });

  it('has a mail by the time its sender hears so, and hands tests the one they wait for', async () => {
    const awaited = sink.waitFor(({ envelope }) => envelope.to.includes('second@example.test'));
    await send({ ...ORDER, to: 'first@example.test' }, sink);
    expect(sink.mails()).toHaveLength(1);
    await send({ ...ORDER, to: 'second@example.test' }, sink);
    expect((await awaited).content.to).toEqual(['second@example.test']);
    await expect(sink.waitFor(() => false, { timeoutMs: 20 })).rejects.toThrow(/No such mail/);
  });

  it('takes any name and password, and offers no TLS that a program would distrust', async () => {
    const { hostname, port } = new URL(sink.smtpUrl);
    await createTransport({ host: hostname, port: Number(port), auth: { user: 'u', pass: 'p' } }).sendMail(
      ORDER,
    );
    expect(sink.mails()).toHaveLength(1);
    expect(await converse(['EHLO shop-a.test', 'QUIT'], sink)).not.toContain('STARTTLS');
  });

  it('forgets everything on DELETE, which no other website may send', async () => {
    await send(ORDER, sink);
    const preflight = await fetch(`${sink.url}/messages`, {
      method: 'OPTIONS',
      headers: { origin: 'http://other.test', 'access-control-request-method': 'DELETE' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([404, null]);
    expect(sink.mails()).toHaveLength(1);
    expect((await fetch(`${sink.url}/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(sink.mails()).toEqual([]);
  });

  it.each(['0', '1e3', '99999', '../1', '-1', '%00', 'constructor'])('has no mail %j', async (id) => {
    for (const path of [`/messages/${id}`, `/mails/${id}`, `/mails/${id}/html`, `/mails/${id}/source`])
      expect((await read(path)).status).toBe(404);
  });
});

describe('the mail sink keeps to this machine', () => {
  it('listens on loopback only', async () => {
    const own = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (!own) return;
    const ports = [sink.smtpPort, Number(new URL(sink.url).port)];
    for (const port of ports) expect(await connects(own.address, port)).toBe(false);
    for (const port of ports) expect(await connects('127.0.0.1', port)).toBe(true);
  });

  it.each(['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', 'sub.localhost'])(
    'does not answer to the name %s that a website could point here',
    async (host) => {
      await send(ORDER, sink);
      for (const path of ['/', '/messages', '/mails/1/source'])
        expect((await askAs(host, path)).body).not.toMatch(/Bestellung|buyer/);
      expect((await askAs(host, '/messages')).status).toBe(421);
      expect((await askAs('localhost', '/messages')).status).toBe(200);
    },
  );

  it('writes nothing anywhere, unless it is given a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'userref-mails-'));
    const keeping = await startMailSink({ folder: join(folder, 'mails') });
    try {
      await send(ORDER, keeping);
      const [name = '', ...others] = readdirSync(join(folder, 'mails'));
      expect([name, others]).toEqual([expect.stringMatching(/^\d{13}-1\.eml$/), []]);
      const file = join(folder, 'mails', name);
      expect(readFileSync(file, 'utf8')).toContain('buyer@example.test');
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      await keeping.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the mail sink has limits', () => {
  const withSink = async (options: MailSinkOptions, use: (own: MailSink) => Promise<void>) => {
    const own = await startMailSink(options);
    await use(own).finally(() => own.stop());
  };

  it('keeps the newest mails', () =>
    withSink({ keep: 3 }, async (own) => {
      for (const subject of ['1', '2', '3', '4', '5']) await send({ ...ORDER, subject }, own);
      expect(own.mails().map(({ content }) => content.subject)).toEqual(['3', '4', '5']);
    }));

  it('keeps 64 MiB of mails at the most', () =>
    withSink({ mostBytesOfMail: 20 * 1024 * 1024 }, async (own) => {
      const raw = Buffer.concat([
        Buffer.from('Subject: x\r\n\r\n'),
        Buffer.alloc(18 * 1024 * 1024, `${'a'.repeat(998)}\r\n`),
      ]);
      for (let sent = 0; sent < 4; sent += 1) await sendRaw(raw, own);
      expect(own.mails().map(({ id }) => id)).toEqual([2, 3, 4]);
    }));

  it('refuses a mail that is too large, whether its size was announced or not', () =>
    withSink({ mostBytesOfMail: 10_000 }, async (own) => {
      const body = 'a'.repeat(200);
      await expect(send({ ...ORDER, text: body.repeat(100) }, own)).rejects.toMatchObject({
        responseCode: 552,
      });
      const lines = ['EHLO a', 'MAIL FROM:<a@a.test>', 'RCPT TO:<b@b.test>', 'DATA'];
      const answers = await converse([...lines, ...Array(100).fill(body), '.', 'QUIT'], own);
      expect(answers).toContain('552');
      expect(own.mails()).toEqual([]);
    }));

  it('refuses the hundred-and-first recipient', async () => {
    const to = Array.from({ length: 101 }, (_none, at) => `b${at}@example.test`);
    const { accepted, rejected } = await send({ ...ORDER, to }, sink);
    expect([accepted.length, rejected]).toEqual([100, ['b100@example.test']]);
  });
});

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host, port });
    const end = (is: boolean) => {
      socket.destroy();
      done(is);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

function askAs(host: string, path: string): Promise<{ status: number; body: string }> {
  const { port } = new URL(sink.url);
  return new Promise((done, fail) => {
    const asked = request({ port, path, host: '127.0.0.1', headers: { host: `${host}:${port}` } });
    asked.once('response', async (response) =>
      done({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    asked.once('error', fail).end();
  });
}
