/**
 * So many calls at once, and so many more in line. Waiting ends when `signal` aborts.
 * Whoever got a place gives it back by the function that `take` returned; a second time does nothing.
 */
export class CallLimit {
  readonly #running: number;
  readonly #waiting: number;
  #taken = 0;
  readonly #line: (() => void)[] = [];

  constructor(options: { running: number; waiting: number }) {
    this.#running = options.running;
    this.#waiting = options.waiting;
  }

  /** `undefined` when the line is full, or when `signal` aborted before it was the caller's turn. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (this.#taken >= this.#running) {
      if (this.#line.length >= this.#waiting) return undefined;
      if (!(await this.#waitInLine(signal))) return undefined;
    } else {
      this.#taken += 1;
    }
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#giveBack();
    };
  }

  #waitInLine(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const called = () => {
        signal.removeEventListener('abort', gaveUp);
        resolve(true);
      };
      const gaveUp = () => {
        this.#line.splice(this.#line.indexOf(called), 1);
        resolve(false);
      };
      signal.addEventListener('abort', gaveUp, { once: true });
      this.#line.push(called);
    });
  }

  /** The place passes straight to the next in line. */
  #giveBack(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#taken -= 1;
  }
}
