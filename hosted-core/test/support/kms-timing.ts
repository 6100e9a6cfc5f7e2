import { systemTiming, type Timing } from '../../src/cell/kms/timing.ts';

/** Time that only moves when told to; nothing waits. */
export class ManualTiming implements Timing {
  /** Every delay that was asked for, in milliseconds. */
  readonly delays: number[] = [];
  chance = 0.5;
  #now = 0;
  #lastId = 0;
  readonly #timers = new Map<number, { at: number; work: () => void }>();

  now = () => this.#now;
  random = () => this.chance;
  after = (ms: number, work: () => void) => {
    const id = ++this.#lastId;
    this.delays.push(ms);
    this.#timers.set(id, { at: this.#now + ms, work });
    return () => void this.#timers.delete(id);
  };

  /** Lets `ms` pass, with everything that falls due and what follows from it. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const [id, next] = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (id === undefined || !next || next.at > end) break;
      this.#timers.delete(id);
      this.#now = next.at;
      next.work();
    }
    this.#now = end;
    await settled();
  }
}

/** Real time that remembers what was waited for, for services that do real work. */
export function recordedTiming(): Timing & { readonly delays: number[] } {
  const delays: number[] = [];
  return {
    ...systemTiming,
    delays,
    after(ms, work) {
      delays.push(ms);
      return systemTiming.after(ms, work);
    },
  };
}

const settled = () => new Promise((done) => setImmediate(done));
