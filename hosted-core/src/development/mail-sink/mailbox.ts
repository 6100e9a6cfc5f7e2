import { EventEmitter } from 'node:events';
import type { ReceivedMail } from './received-mail.ts';

export interface MailboxLimits {
  /** How many mails are kept; the oldest goes first. */
  readonly mails: number;
  /** How many bytes all of them may have together. */
  readonly bytes: number;
}

/** The newest mails, in memory. */
export class Mailbox {
  readonly #limits: MailboxLimits;
  readonly #arrivals = new EventEmitter<{ mail: [ReceivedMail] }>().setMaxListeners(0);
  #mails: readonly ReceivedMail[] = [];
  #lastId = 0;

  constructor(limits: MailboxLimits) {
    this.#limits = limits;
  }

  add(mail: Omit<ReceivedMail, 'id'>): ReceivedMail {
    this.#lastId += 1;
    const added = { ...mail, id: this.#lastId };
    this.#mails = this.#withinLimits([...this.#mails, added]);
    this.#arrivals.emit('mail', added);
    return added;
  }

  /** Oldest first. */
  all(): readonly ReceivedMail[] {
    return this.#mails;
  }

  find(id: number): ReceivedMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  clear(): void {
    this.#mails = [];
  }

  /** The first mail that matches, among those that are here or else the next ones. */
  waitFor(
    matches: (mail: ReceivedMail) => boolean,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<ReceivedMail> {
    const found = this.#mails.find(matches);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#arrivals.off('mail', look);
        how();
      };
      const look = (mail: ReceivedMail) => {
        if (matches(mail)) settle(() => resolve(mail));
      };
      const giveUp = () =>
        settle(() =>
          reject(new Error(`No such mail within ${timeoutMs} ms; ${this.#mails.length} others are here.`)),
        );
      const timer = setTimeout(giveUp, timeoutMs);
      this.#arrivals.on('mail', look);
    });
  }

  #withinLimits(mails: readonly ReceivedMail[]): readonly ReceivedMail[] {
    let bytes = 0;
    const newest = mails.slice(-this.#limits.mails).reverse();
    const tooMany = newest.findIndex(({ source }) => {
      bytes += source.byteLength;
      return bytes > this.#limits.bytes;
    });
    return (tooMany < 0 ? newest : newest.slice(0, tooMany)).reverse();
  }
}
