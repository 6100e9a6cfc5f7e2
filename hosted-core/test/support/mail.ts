import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { MailSink } from '../../src/development/index.ts';

export const ORDER: SendMailOptions = {
  from: 'Shop A <orders@shop-a.test>',
  to: 'Sample Person <buyer@example.test>',
  subject: 'Ihre Bestellung ✓',
  text: 'Thank you.',
  html: '<p>Thank <b>you</b>.</p>',
};

export function send(mail: SendMailOptions, { smtpUrl }: Pick<MailSink, 'smtpUrl'>) {
  return createTransport(smtpUrl).sendMail(mail);
}

/** A message of these lines, past whatever a mail library would refuse to write. */
export function sendRaw(raw: string | Buffer, sink: Pick<MailSink, 'smtpUrl'>) {
  return send({ envelope: { from: 'a@shop-a.test', to: 'b@example.test' }, raw }, sink);
}

/** Says these lines whatever the answers are, and then breaks off. @returns all that the sink answered */
export async function converse(
  lines: readonly string[],
  { smtpPort }: Pick<MailSink, 'smtpPort'>,
): Promise<string> {
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
