import { type Contender, load, type Slice } from './load.ts';
import { median, quantile } from './statistics.ts';

export interface InterleaveOptions {
  readonly slices: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  readonly users: number;
  readonly signal: AbortSignal;
}

/**
 * Measures contenders in turns, a short slice each, so that whatever else the machine does hits all of
 * them. Every second round goes backwards: a drift that lasts favours nobody.
 * @returns the slices of each contender, in the order of the rounds
 */
export async function interleave(
  contenders: readonly Contender[],
  options: InterleaveOptions,
): Promise<Slice[][]> {
  const { users, signal } = options;
  for (const contender of contenders) {
    await load(contender, { users, signal, durationMs: options.warmUpMs });
  }
  const slices = contenders.map((): Slice[] => []);
  for (let round = 0; round < options.slices; round += 1) {
    const order = contenders.map((contender, index) => ({ contender, index }));
    if (round % 2 === 1) order.reverse();
    for (const { contender, index } of order) {
      slices[index]?.push(await load(contender, { users, signal, durationMs: options.sliceMs }));
    }
  }
  return slices;
}

export interface Ratio {
  /** Median over the rounds of (ours ÷ theirs). */
  readonly value: number;
  /** First and third quartile over the rounds. */
  readonly low: number;
  readonly high: number;
}

/** The ratio of two contenders' throughput, round by round. */
export function ratioOf(ours: readonly Slice[], theirs: readonly Slice[]): Ratio {
  const ratios = ours.map((slice, round) => slice.perSecond / (theirs[round]?.perSecond ?? Number.NaN));
  return { value: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) };
}
