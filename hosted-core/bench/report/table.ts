import { type Figure, isMet, type Side } from '../figures.ts';
import { rounded } from '../measure/statistics.ts';

const HEAD = ['', 'figure', 'value', 'spread', 'aim', 'ours p50 / p99', 'against p50 / p99'];
const UNITS = {
  ...{ ratio: ' ms', rate: '/s', statements: '', seconds: ' s', milliseconds: ' ms' },
  ...{ count: '', bytes: ' B', kilobytes: ' kB', megabytes: ' MB', share: '' },
} as const;

/** The figures for people: a table, then what each means, then what explains it. */
export function table(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return `\n${lines.join('\n')}\n\n${figures.map(explanation).join('\n')}\n`;
}

function row(figure: Figure): string[] {
  const { definition, value, low, high, ours, base } = figure;
  const { aim, name } = definition;
  const met = isMet(figure);
  return [
    met === undefined ? '·' : met ? '✓' : '✗',
    name,
    String(rounded(value)),
    `${rounded(low)} – ${rounded(high)}`,
    aim ? ('atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`) : 'none set',
    side(figure, ours),
    base ? side(figure, base) : '–',
  ];
}

function side({ definition }: Figure, { p50, p99, perSecond }: Side): string {
  const rate = perSecond === undefined ? '' : `, ${Math.round(perSecond)}/s`;
  return `${rounded(p50)} / ${rounded(p99)}${UNITS[definition.unit]}${rate}`;
}

function explanation(figure: Figure): string {
  const { definition, ours, base, details = [] } = figure;
  const who = base ? ` (${ours.name} against ${base.name})` : '';
  return [`${definition.name}: ${definition.meaning}${who}`, ...details.map((line) => `    ${line}`)].join(
    '\n',
  );
}
