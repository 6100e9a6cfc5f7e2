import type { Figure } from '../../figures.ts';
import { quantile } from '../../measure/statistics.ts';

interface About {
  /** At most. */
  readonly aim: number;
  readonly meaning: string;
  readonly details?: readonly string[];
}

/** A plain number: of reads, of events, of kilobytes. */
export function countFigure(
  name: string,
  value: number,
  { aim, unit = 'count', ...about }: About & { unit?: 'count' | 'kilobytes' | 'share' },
): Figure {
  return {
    definition: { name, unit, aim: { atMost: aim }, meaning: about.meaning },
    ...{ value, low: value, high: value, ours: { name, p50: value, p99: value } },
    ...(about.details && { details: about.details }),
  };
}

/** The 99th percentile of times in milliseconds. */
export function timesFigure(name: string, times: readonly number[], { aim, ...about }: About): Figure {
  const value = quantile(times, 0.99);
  return {
    definition: { name, unit: 'milliseconds', aim: { atMost: aim }, meaning: about.meaning },
    ...{ value, low: quantile(times, 0.9), high: Math.max(...times) },
    ours: { name, p50: quantile(times, 0.5), p99: value },
    ...(about.details && { details: about.details }),
  };
}
