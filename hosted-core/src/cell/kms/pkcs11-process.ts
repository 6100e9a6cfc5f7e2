import { type ChildProcess, fork } from 'node:child_process';
import { environmentForOthers } from '../../config/environment.ts';
import { KeyServiceError } from './key-service-error.ts';
import type { Pkcs11Answer, Pkcs11Question, Pkcs11Refusal } from './pkcs11-protocol.ts';

/** The worker stands beside this file, in the sources as in the build. */
const WORKER = new URL(`./pkcs11-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** A refusal as the driver sees it. */
export class Pkcs11Error extends KeyServiceError {
  readonly pinRefused: boolean;

  constructor({ fault, detail, pinRefused }: Omit<Pkcs11Refusal, 'lost'>) {
    super(fault, detail);
    this.pinRefused = pinRefused;
  }
}

interface Waiting {
  resolve(bytes: Buffer): void;
  reject(error: Error): void;
}

/**
 * One running worker. When the module loses its state, crashes or hangs, the worker is ended and `isOver` is
 * true: whoever used it starts another.
 */
export class Pkcs11Process {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #over = false;

  constructor() {
    this.#child = fork(WORKER, [], {
      env: environmentForOthers(),
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // An idle worker keeps nobody alive; one that is asked something does, by its channel.
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', (answer) => this.#take(answer as Pkcs11Answer));
    this.#child.on('error', () => this.end('could not be started'));
    this.#child.on('exit', () => this.end('ended'));
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Aborting `signal` ends the worker: a native call cannot be interrupted otherwise. */
  ask(question: Pkcs11Question, signal: AbortSignal): Promise<Buffer> {
    if (this.#over || signal.aborted) return Promise.reject(gone('is not there'));
    const id = ++this.#lastId;
    const hung = () => this.end('did not answer in time');
    signal.addEventListener('abort', hung, { once: true });
    this.#child.channel?.ref();
    return new Promise<Buffer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, question }, (error) => {
        if (error) this.end('cannot be reached');
      });
    }).finally(() => {
      signal.removeEventListener('abort', hung);
      if (this.#waiting.size === 0) this.#child.channel?.unref();
    });
  }

  end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#child.kill('SIGKILL');
    for (const one of this.#waiting.values()) one.reject(gone(why));
    this.#waiting.clear();
  }

  #take(answer: Pkcs11Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('bytes' in answer) {
      waiting?.resolve(Buffer.from(answer.bytes));
      return;
    }
    waiting?.reject(new Pkcs11Error(answer.refusal));
    if (answer.refusal.lost) this.end('lost the token');
  }
}

function gone(why: string): KeyServiceError {
  return new KeyServiceError('unavailable', `the process with the PKCS#11 module ${why}`);
}
