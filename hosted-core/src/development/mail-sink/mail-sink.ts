import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createMailServer } from './mail-server.ts';
import { Mailbox } from './mailbox.ts';
import { readContent } from './read-content.ts';
import type { ReceivedMail } from './received-mail.ts';
import { listenForMail } from './smtp-listener.ts';

const MIB = 1024 * 1024;

export interface MailSinkOptions {
  /** Where to take mail in; 0 takes a free port. Default 0. */
  readonly smtpPort?: number;
  /** Where the mails are shown; 0 takes a free port. Default 0. */
  readonly pagePort?: number;
  /** How many mails are kept. Default 200, and never more than 64 MiB of them. */
  readonly keep?: number;
  /** Size of the largest mail that is taken. Default 10 MiB. */
  readonly mostBytesOfMail?: number;
  /** Folder that gets every mail as `{Unix ms}-{id}.eml` too. Default: nothing is written anywhere. */
  readonly folder?: string;
}

export interface MailSink {
  /** For the mail settings of a site, such as `smtp://127.0.0.1:4003`. No name, no password, no TLS. */
  readonly smtpUrl: string;
  readonly smtpPort: number;
  /** Where people read the mails, and programs `GET {url}/messages`. */
  readonly url: string;
  /** Oldest first. */
  mails(): readonly ReceivedMail[];
  /** @throws Error when there is none within `timeoutMs` (default 5,000) */
  waitFor(
    matches: (mail: ReceivedMail) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<ReceivedMail>;
  clear(): void;
  stop(): Promise<void>;
}

/**
 * Takes in every mail that a site under development sends, shows it, and passes none on. On this machine
 * only; all of it is gone when it stops.
 */
export async function startMailSink(options: MailSinkOptions = {}): Promise<MailSink> {
  const { folder, keep = 200, mostBytesOfMail = 10 * MIB } = options;
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mailbox = new Mailbox({ mails: keep, bytes: 64 * MIB });
  const smtp = await listenForMail({
    port: options.smtpPort ?? 0,
    mostBytes: mostBytesOfMail,
    takeIn: async ({ envelope, source }) => {
      const content = await readContent(source);
      const { id, receivedAt } = mailbox.add({ envelope, source, content, receivedAt: new Date() });
      if (folder === undefined) return;
      // Numbers begin again at each start; what an earlier one kept stays.
      writeFileSync(join(folder, `${receivedAt.getTime()}-${id}.eml`), source, { mode: 0o600, flag: 'wx' });
    },
  });
  const pages = createMailServer({ mailbox, smtpUrl: `smtp://127.0.0.1:${smtp.port}` });
  try {
    await pages.listen({ port: options.pagePort ?? 0, host: '127.0.0.1' });
  } catch (error) {
    await smtp.close();
    throw error;
  }
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    smtpPort: smtp.port,
    url: `http://localhost:${(pages.server.address() as AddressInfo).port}`,
    mails: () => mailbox.all(),
    waitFor: (matches, { timeoutMs = 5_000 } = {}) => mailbox.waitFor(matches, { timeoutMs }),
    clear: () => mailbox.clear(),
    stop: async () => {
      await Promise.all([smtp.close(), pages.close()]);
    },
  };
}
