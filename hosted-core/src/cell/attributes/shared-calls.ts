import { UserrefError } from '../../errors/userref-error.ts';

export interface SharedCallsOptions<Ask, Answer> {
  /** Answers one for each ask, in their order; rejects for all of them. */
  readonly call: (asks: readonly Ask[]) => Promise<readonly Answer[]>;
  /** Only asks of one group share a call. */
  readonly groupOf: (ask: Ask) => string;
  /** Asks in one call. Default 64. */
  readonly maxShared?: number;
  /** Calls at the same time. Default 2: the database works on one while this process works on the other. */
  readonly maxUnderWay?: number;
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: unknown) => void;
}

const MAX_WAITING = 4_096;
/** So few are not worth two calls. */
const FEW = 4;

/**
 * Lets callers who come at the same time share one call. Nobody waits for company: an ask goes out at once,
 * with whoever came in the same turn of the event loop; while as many calls as may be are under way, it goes
 * out with the next. The busier the process, the more share a call.
 */
export class SharedCalls<Ask, Answer> {
  readonly #options: Required<SharedCallsOptions<Ask, Answer>>;
  #waiting: Waiting<Ask, Answer>[] = [];
  #isScheduled = false;
  #underWay = 0;

  constructor(options: SharedCallsOptions<Ask, Answer>) {
    this.#options = { maxShared: 64, maxUnderWay: 2, ...options };
  }

  /** Rejects with what the call rejects with, and with `service_unavailable` when too many wait. */
  ask(ask: Ask): Promise<Answer> {
    if (this.#waiting.length >= MAX_WAITING) {
      const logDetail = 'too many reads wait for the database';
      return Promise.reject(new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 1 }));
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ ask, done, failed });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= this.#options.maxUnderWay) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  #send(): void {
    for (
      let free = this.#options.maxUnderWay - this.#underWay;
      free > 0 && this.#waiting.length > 0;
      free -= 1
    )
      void this.#call(this.#take(Math.ceil(this.#waiting.length / free)));
  }

  /** Those who have waited longest, of one group. The free calls share them evenly, so that one overlaps the other. */
  #take(share: number): Waiting<Ask, Answer>[] {
    const { groupOf, maxShared } = this.#options;
    const limit = Math.min(maxShared, Math.max(share, FEW));
    const waiting = this.#waiting;
    const group = groupOf((waiting[0] as Waiting<Ask, Answer>).ask);
    const taken: Waiting<Ask, Answer>[] = [];
    const left: Waiting<Ask, Answer>[] = [];
    for (const one of waiting) (taken.length < limit && groupOf(one.ask) === group ? taken : left).push(one);
    this.#waiting = left;
    return taken;
  }

  async #call(taken: readonly Waiting<Ask, Answer>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const answers = await this.#options.call(taken.map(({ ask }) => ask));
      if (answers.length !== taken.length) throw new TypeError('a shared call answers every ask');
      for (const [index, { done }] of taken.entries()) done(answers[index] as Answer);
    } catch (error) {
      for (const { failed } of taken) failed(error);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
    }
  }
}
