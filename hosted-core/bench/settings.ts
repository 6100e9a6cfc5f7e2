import type { SuiteName } from './figures.ts';

/** How much is measured. */
export interface Pace {
  readonly slices: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** Units of work whose statements are counted. */
  readonly counted: number;
  readonly demoStarts: number;
}

export const FULL: Pace = { slices: 12, sliceMs: 800, warmUpMs: 2_000, counted: 40, demoStarts: 3 };
export const QUICK: Pace = { slices: 3, sliceMs: 250, warmUpMs: 300, counted: 6, demoStarts: 1 };

/** What every suite is given. */
export interface SuiteContext {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly profileDir?: string | undefined;
  /** Says on stderr what is being done. */
  note(text: string): void;
  /** Stops something when the suite ends, however it ends; the last one first. */
  defer(stop: () => Promise<void>): void;
}

export interface Options {
  readonly suites: readonly SuiteName[];
  readonly json: boolean;
  readonly quick: boolean;
  readonly save: boolean;
  readonly profileDir?: string | undefined;
}
