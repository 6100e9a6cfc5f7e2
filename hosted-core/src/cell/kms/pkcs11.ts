import { createHash } from 'node:crypto';
import { readCredentialsFile } from './credentials-file.ts';
import { encodeKeyContext } from './key-context.ts';
import type { KeyDriver } from './key-driver.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { KeyContext } from './key-wrapper.ts';
import { Pkcs11Error, Pkcs11Process } from './pkcs11-process.ts';
import type { Pkcs11Place } from './pkcs11-protocol.ts';

export interface Pkcs11Options extends Pkcs11Place {
  /** File with the PIN of the token's user. */
  readonly pinFile: string | undefined;
}

const DOMAIN = 'userref/kek/pkcs11/v1';
/** Modules of networked devices may take their time to log in; calls do not wait for that so long. */
const START_MS = 30_000;

/**
 * A hardware security module, or SoftHSM2, by PKCS#11: AES-256-GCM with the context as associated data, by a
 * key that the token does not give out. The module runs in a process of its own, with four sessions, which
 * starts with the first call and again after every loss.
 */
export function pkcs11Driver(options: Pkcs11Options): KeyDriver {
  const rootKeyId = `pkcs11:token=${encodeURIComponent(options.token)};object=${encodeURIComponent(options.object)}`;
  const opener = new TokenOpener(options);
  return {
    rootKeyId,
    async wrap(plainKey, context, { signal }) {
      const worker = await opener.open(signal);
      const associatedData = bind(context);
      return { rootKeyId, blob: await worker.ask({ verb: 'wrap', plainKey, associatedData }, signal) };
    },
    async unwrap({ rootKeyId: wrappedBy, blob }, context, { signal }) {
      if (wrappedBy !== rootKeyId)
        throw new KeyServiceError('damaged', 'wrapped by another key than the configured one');
      const worker = await opener.open(signal);
      return worker.ask({ verb: 'unwrap', blob, associatedData: bind(context) }, signal);
    },
    close: () => opener.close(),
  };
}

/** Makes the key in the token: AES-256, sensitive, not extractable. Keeps one that is there. */
export async function createPkcs11Key({ pinFile, ...place }: Pkcs11Options): Promise<void> {
  const pin = await readCredentialsFile(pinFile, 'the PIN of the token');
  const worker = new Pkcs11Process();
  try {
    await worker.ask({ verb: 'create', place, pin }, AbortSignal.timeout(START_MS));
  } finally {
    worker.end('is done');
  }
}

function bind(context: KeyContext): Buffer {
  return encodeKeyContext(DOMAIN, context);
}

class TokenOpener {
  readonly #place: Pkcs11Place;
  readonly #pinFile: string | undefined;
  #worker: Pkcs11Process | undefined;
  #opening: Promise<Pkcs11Process> | undefined;
  #refusedPin: string | undefined;

  constructor({ pinFile, ...place }: Pkcs11Options) {
    const { modulePath, token, object } = place;
    this.#place = { modulePath, token, object };
    this.#pinFile = pinFile;
  }

  /** The worker at hand, or a new one. The start goes on when its caller gives up: the next one profits. */
  async open(signal: AbortSignal): Promise<Pkcs11Process> {
    if (this.#worker && !this.#worker.isOver) return this.#worker;
    this.#opening ??= this.#start().finally(() => {
      this.#opening = undefined;
    });
    return orAborted(this.#opening, signal);
  }

  async close(): Promise<void> {
    const worker = this.#worker ?? (await this.#opening?.catch(() => undefined));
    worker?.end('was closed');
  }

  async #start(): Promise<Pkcs11Process> {
    const pin = await readCredentialsFile(this.#pinFile, 'the PIN of the token');
    const fingerprint = createHash('sha256').update(pin).digest('hex');
    // Tokens lock after a few wrong PINs, so a wrong one is tried once.
    if (fingerprint === this.#refusedPin)
      throw new KeyServiceError(
        'denied',
        'the token refused this PIN; it is not tried again before it changes',
      );
    const worker = new Pkcs11Process();
    try {
      await worker.ask({ verb: 'open', place: this.#place, pin }, AbortSignal.timeout(START_MS));
    } catch (error) {
      worker.end('could not open the token');
      if (error instanceof Pkcs11Error && error.pinRefused) this.#refusedPin = fingerprint;
      throw error;
    }
    this.#worker = worker;
    return worker;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const gaveUp = () => reject(new KeyServiceError('unavailable', 'the token is still being opened'));
    if (signal.aborted) return gaveUp();
    signal.addEventListener('abort', gaveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', gaveUp));
  });
}
