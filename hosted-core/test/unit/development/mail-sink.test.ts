import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailSink, type MailSinkOptions, startMailSink } from '../../../src/development/index.ts';

const ORDER: SendMailOptions = {
  from: 'Shop A <orders@shop-a.test>',
  to: 'Sample Person <buyer@example.test>',
  subject: 'Ihre Bestellung ✓',
  text: 'Thank you.',
  html: '<p>Thank <b>you</b>.</p>',
};

let sink: MailSink;
beforeAll(async () => {
  sink = await startMailSink();
});
afterAll(() => sink.stop());
afterEach(() => sink.clear());

function send(mail: SendMailOptions, { smtpUrl = sink.smtpUrl } = {}) {
  return createTransport(smtpUrl).sendMail(mail);
}

/** A message of these lines, past whatever a mail library would refuse to write. */
function sendRaw(raw: string | Buffer, options = {}) {
  return send({ envelope: { from: 'a@shop-a.test', to: 'b@example.test' }, raw }, options);
}

async function read(path: string): Promise<Response> {
  return fetch(`${sink.url}${path}`);
}

describe('the mail sink', () => {
  it('shows what was sent, to programs and to people', async () => {
    await send({
      ...ORDER,
      bcc: 'blind@example.test',
      attachments: [{ filename: 'invoice.pdf', content: 'not really' }],
    });

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
    await send({ ...ORDER, to: 'first@example.test' });
    expect(sink.mails()).toHaveLength(1);
    await send({ ...ORDER, to: 'second@example.test' });
    expect((await awaited).content.to).toEqual(['second@example.test']);
    await expect(sink.waitFor(() => false, { timeoutMs: 20 })).rejects.toThrow(/No such mail/);
  });

  it('takes any name and password, and offers no TLS that a program would distrust', async () => {
    const { hostname, port } = new URL(sink.smtpUrl);
    await createTransport({ host: hostname, port: Number(port), auth: { user: 'u', pass: 'p' } }).sendMail(
      ORDER,
    );
    expect(sink.mails()).toHaveLength(1);
    expect(await converse(['EHLO shop-a.test', 'QUIT'])).not.toContain('STARTTLS');
  });

  it('forgets everything on DELETE, which no other website may send', async () => {
    await send(ORDER);
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
      await send(ORDER);
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
      for (let sent = 0; sent < 5; sent += 1) await sendRaw(raw, own);
      expect(own.mails().map(({ id }) => id)).toEqual([3, 4, 5]);
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
    const { accepted, rejected } = await send({ ...ORDER, to });
    expect([accepted.length, rejected]).toEqual([100, ['b100@example.test']]);
  });
});

describe('hostile mail', () => {
  const XSS = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;

  it.each([
    ['nothing at all', ''],
    ['no headers', 'hello'],
    ['bytes that are no text', Buffer.from([...Array(256).keys()])],
    ['headers without an end', `Subject: x\r\nX-Long: ${'('.repeat(500_000)}`],
    ['multiparts in multiparts', Array.from({ length: 500 }, (_none, at) => nested(at)).join('')],
    [
      'a million empty parts',
      `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n\r\n\r\n'.repeat(300_000)}`,
    ],
    ['ten million bytes of empty lines', '\r\n'.repeat(5_000_000)],
    [
      'an unknown charset and a broken base64',
      'Content-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n',
    ],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary="x"\r\n\r\nhello'],
    ['a mail in a mail in a mail', 'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)],
    ['__proto__ as a header', '__proto__: {"admin":true}\r\nconstructor: x\r\n\r\nhello'],
  ])('%s: it is kept, shown, and read within a second', async (_what, raw) => {
    const started = performance.now();
    await sendRaw(raw);
    expect(performance.now() - started).toBeLessThan(1_000);
    const mail = sink.mails()[0];
    expect((await read(`/mails/${mail?.id}`)).status).toBe(200);
    expect((await read('/')).status).toBe(200);
    expect((await read('/messages')).status).toBe(200);
    await send(ORDER);
    expect(sink.mails()).toHaveLength(2);
  });

  it('stays text wherever the page shows it', async () => {
    await sendRaw(
      [
        ...['Subject', 'From', 'To', 'Cc', 'Reply-To', 'X-Thing'].map((name) => `${name}: ${XSS} <a@b.test>`),
        `X${XSS.replaceAll(/[ :]/g, '')}: 1`,
        'Content-Type: multipart/mixed; boundary=b',
        '',
        `--b\r\n\r\n${XSS}`,
        `--b\r\nContent-Type: text/${XSS}\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(XSS)}\r\n\r\nx`,
        '--b--',
      ].join('\r\n'),
    );
    for (const path of ['/', `/mails/${sink.mails()[0]?.id}`]) {
      const page = await (await read(path)).text();
      expect(page).not.toMatch(/<script|<img/i);
      expect(page).toContain('&lt;script&gt;');
    }
  });

  it('gets a document of its own that may do nothing, and cannot be what the source is taken for', async () => {
    await send({ ...ORDER, html: XSS });
    const id = sink.mails()[0]?.id;
    const html = await read(`/mails/${id}/html`);
    expect(html.headers.get('content-security-policy')).toBe(
      "default-src 'none'; sandbox; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    );
    expect(html.headers.get('x-dns-prefetch-control')).toBe('off');
    const source = await read(`/mails/${id}/source`);
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(source.headers.get('x-content-type-options')).toBe('nosniff');
    expect(source.headers.get('content-security-policy')).toContain('sandbox');
    expect(await (await read(`/mails/${id}`)).text()).toMatch(/<iframe sandbox src="\/mails\/\d+\/html"/);
  });

  it('is survived when senders break off, say nonsense or speak HTTP', async () => {
    await converse(['GET / HTTP/1.1', 'Host: localhost', '', '']);
    await converse(['EHLO a', 'MAIL FROM:<a@a.test>', 'RCPT TO:<b@b.test>', 'DATA', 'Subject: half']);
    await converse([`EHLO ${'a'.repeat(100_000)}`, 'QUIT']);
    await send(ORDER);
    expect(sink.mails()).toHaveLength(1);
  });
});

function nested(at: number): string {
  return `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
}

/** Says these lines whatever the answers are, and then breaks off. @returns all that the sink answered */
async function converse(lines: readonly string[], { smtpPort } = sink): Promise<string> {
  const socket = createConnection({ port: smtpPort, host: '127.0.0.1' });
  socket.on('error', () => {});
  let answers = '';
  socket.on('data', (chunk) => {
    answers += chunk;
  });
  const ended = new Promise((done) => socket.once('close', done));
  // Whoever speaks before the greeting is shown out at once.
  await once(socket, 'data');
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    await new Promise((done) => setTimeout(done, line.length > 150 ? 0 : 15));
  }
  if (!lines.includes('QUIT')) socket.destroy();
  await ended;
  return answers;
}

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
