import type { Ratio } from './measure/interleave.ts';
import type { Slice } from './measure/load.ts';
import { median, quantile } from './measure/statistics.ts';

export const SUITES = [
  'release',
  'login',
  'statements',
  'sdk',
  'demo',
  'emulator',
  'revocation',
  'upstream',
  'vault',
  'php',
] as const;
export type SuiteName = (typeof SUITES)[number];

export interface FigureDefinition {
  readonly name: string;
  readonly unit:
    | 'ratio'
    | 'rate'
    | 'statements'
    | 'seconds'
    | 'milliseconds'
    | 'count'
    | 'bytes'
    | 'kilobytes'
    | 'megabytes'
    | 'share';
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number };
  /** One sentence for people. */
  readonly meaning: string;
}

/** How one side did: milliseconds a unit of work, statements a unit of work, or seconds. */
export interface Side {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  /** Median over the slices; only where a rate was measured. */
  readonly perSecond?: number;
}

export interface Figure extends Ratio {
  readonly definition: FigureDefinition;
  readonly ours: Side;
  /** What it is measured against; absent where the figure is a plain count or time. */
  readonly base?: Side;
  /** What explains the figure, a line each. */
  readonly details?: readonly string[];
}

export function sideOf(name: string, slices: readonly Slice[]): Side {
  const latencies = slices.flatMap((slice) => slice.latenciesMs);
  return {
    name,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    perSecond: median(slices.map((slice) => slice.perSecond)),
  };
}

/** @returns undefined when no aim was set for the figure */
export function isMet({ definition: { aim }, value }: Figure): boolean | undefined {
  if (!aim) return undefined;
  return 'atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost;
}
