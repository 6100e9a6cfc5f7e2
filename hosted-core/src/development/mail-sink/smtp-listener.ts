import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { ReceivedMail } from './received-mail.ts';

const MOST_RECIPIENTS = 100;
const MOST_CLIENTS = 50;
const IDLE_MS = 30_000;

type Delivery = Pick<ReceivedMail, 'envelope' | 'source'>;

export interface SmtpListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for mail (RFC 5321) on 127.0.0.1 and answers only when it has been taken in. Takes any name and
 * password, and none; offers no TLS, since a certificate that nobody knows would make careful programs give up.
 */
export async function listenForMail(options: {
  readonly port: number;
  readonly mostBytes: number;
  readonly takeIn: (delivery: Delivery) => Promise<void>;
}): Promise<SmtpListener> {
  const server = new SMTPServer({
    name: 'localhost',
    banner: 'mail sink: nothing is passed on',
    size: options.mostBytes,
    rejectOversized: true,
    maxRecipients: MOST_RECIPIENTS,
    maxClients: MOST_CLIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (_credentials, _session, answer) => answer(null, { user: 'anybody' }),
    onData: (stream, { envelope }, answer) => {
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      const to = envelope.rcptTo.map(({ address }) => address);
      collect(stream, options.mostBytes)
        .then(async (source) => {
          if (source) await options.takeIn({ envelope: { from, to }, source });
        })
        .then(
          () => answer(),
          () => answer(new Error('The mail sink could not take this in')),
        );
    },
  });
  // A client that breaks off is its own affair.
  server.on('error', () => {});
  const listening = server.listen(options.port, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

/** Reads to the end, and keeps nothing of what is too large. */
async function collect(stream: SMTPServerDataStream, mostBytes: number): Promise<Uint8Array | undefined> {
  let chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (stream.byteLength > mostBytes) chunks = [];
    else chunks.push(chunk);
  }
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}
