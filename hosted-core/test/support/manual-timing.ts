import type { Timing } from '../../src/cell/kms/timing.ts';

/** A clock that stands still until the test moves it. */
export class ManualTiming implements Timing {
  #now = 0;
  readonly #due = new Map<symbol, { at: number; work: () => void }>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  after(ms: number, work: () => void): () => void {
    const name = Symbol('timer');
    this.#due.set(name, { at: this.#now + ms, work });
    return () => void this.#due.delete(name);
  }

  /** Timers that nobody has taken back. */
  get waiting(): number {
    return this.#due.size;
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const [name, { at, work }] of [...this.#due]) {
      if (at > this.#now) continue;
      this.#due.delete(name);
      work();
    }
  }
}
