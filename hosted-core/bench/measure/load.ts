/** One kind of work under measure. */
export interface Contender {
  readonly name: string;
  /** Does one unit of work as one of several users at the same time. Throws when the answer is wrong. */
  work(user: number): Promise<void>;
}

export interface Slice {
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
}

export interface LoadOptions {
  /** Users at the same time; each starts anew when its last unit of work is done (closed loop). */
  readonly users: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
}

/** Loads one contender for a while. What is under way at the end is finished and counted. */
export async function load(contender: Contender, options: LoadOptions): Promise<Slice> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  const end = start + options.durationMs;
  const user = async (index: number) => {
    for (let now = performance.now(); now < end; ) {
      options.signal.throwIfAborted();
      await contender.work(index);
      const done = performance.now();
      latenciesMs.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: options.users }, (_, index) => user(index)));
  return { perSecond: (latenciesMs.length * 1000) / (performance.now() - start), latenciesMs };
}
