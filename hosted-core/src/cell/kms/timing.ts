/** Time and chance, so that tests need not wait for either. */
export interface Timing {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Runs `work` after `ms` milliseconds; call what it returns to prevent that. */
  after(ms: number, work: () => void): () => void;
  /** From 0 to just below 1. */
  random(): number;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
