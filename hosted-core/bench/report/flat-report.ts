import { availableParallelism, cpus, loadavg } from 'node:os';
import { type Figure, isMet, type Side } from '../figures.ts';
import { rounded } from '../measure/statistics.ts';

export type FlatReport = Record<string, string | number | boolean | null>;

const SUFFIX = {
  ...{ ratio: '_ms', rate: '_per_second', statements: '', seconds: '_seconds', milliseconds: '_ms' },
  ...{ count: '', bytes: '_bytes', kilobytes: '_kb', megabytes: '_mb', share: '' },
} as const;

/** One flat object: the run's circumstances, then each figure with what stands beside it. */
export function flatReport(figures: readonly Figure[], run: { startedAt: Date; quick: boolean }): FlatReport {
  return {
    date: run.startedAt.toISOString(),
    node: process.version,
    cpus: availableParallelism(),
    cpu_model: cpus()[0]?.model ?? 'unknown',
    load_average: rounded(loadavg()[0] ?? 0),
    quick: run.quick,
    ...Object.assign({}, ...figures.map(flatFigure)),
  };
}

function flatFigure(figure: Figure): FlatReport {
  const { name, aim, unit } = figure.definition;
  return {
    [name]: rounded(figure.value),
    [`${name}_low`]: rounded(figure.low),
    [`${name}_high`]: rounded(figure.high),
    [`${name}_aim`]: aim ? ('atLeast' in aim ? aim.atLeast : aim.atMost) : null,
    [`${name}_met`]: isMet(figure) ?? null,
    ...flatSide(name, figure.ours, SUFFIX[unit]),
    ...(figure.base && flatSide(`${name}_base`, figure.base, SUFFIX[unit])),
  };
}

function flatSide(name: string, side: Side, suffix: string): FlatReport {
  return {
    [`${name}_p50${suffix}`]: rounded(side.p50),
    [`${name}_p99${suffix}`]: rounded(side.p99),
    ...(side.perSecond !== undefined && { [`${name}_per_second`]: rounded(side.perSecond) }),
  };
}
