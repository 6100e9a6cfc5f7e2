import type { Figure, FigureDefinition } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';

/** A rate, or a time, measured several times over. */
export function measuredFigure(
  definition: FigureDefinition,
  values: readonly number[],
  details: readonly string[],
): Figure {
  const { name } = definition;
  return {
    definition,
    ...{ value: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) },
    ...{ ours: { name, p50: median(values), p99: quantile(values, 0.99) }, details },
  };
}
