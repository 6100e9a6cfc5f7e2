import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MailSink, startMailSink } from '../../../src/development/index.ts';
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
      `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n\r\n\r\n'.repeat(450_000)}`,
    ],
    ['ten million bytes of empty lines', '\r\n'.repeat(5_000_000)],
    [
      'an unknown charset and a broken base64',
      'Content-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n',
    ],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary="x"\r\n\r\nhello'],
    ['a mail in a mail in a mail', 'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)],
    ['__proto__ as a header', '__proto__: {"admin":true}\r\nconstructor: x\r\n\r\nhello'],
  ])('%s: it is kept, shown, and holds nobody up', async (_what, raw) => {
    await sendRaw(raw, sink);
    const mail = sink.mails()[0];
    expect((await read(`/mails/${mail?.id}`)).status).toBe(200);
    expect((await read('/')).status).toBe(200);
    expect((await read('/messages')).status).toBe(200);
    await send(ORDER, sink);
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
      sink,
    );
    for (const path of ['/', `/mails/${sink.mails()[0]?.id}`]) {
      const page = await (await read(path)).text();
      expect(page).not.toMatch(/<script|<img/i);
      expect(page).toContain('&lt;script&gt;');
    }
  });

  it('gets a document of its own that may do nothing, and cannot be what the source is taken for', async () => {
    await send({ ...ORDER, html: XSS }, sink);
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
    await converse(['GET / HTTP/1.1', 'Host: localhost', '', ''], sink);
    await converse(['EHLO a', 'MAIL FROM:<a@a.test>', 'RCPT TO:<b@b.test>', 'DATA', 'Subject: half'], sink);
    await converse([`EHLO ${'a'.repeat(100_000)}`, 'QUIT'], sink);
    await send(ORDER, sink);
    expect(sink.mails()).toHaveLength(1);
  });
});

function nested(at: number): string {
  return `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`;
}
