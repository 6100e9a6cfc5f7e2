import type { Change } from './change.ts';

const CONTEXT = 3;

interface Line {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** A unified diff of one file. */
export function unifiedDiff({ path, before, after }: Change): string {
  const lines = compare(linesOf(before ?? ''), linesOf(after));
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  const shown = lines.flatMap(({ sign, text }, index) => {
    if (!kept[index]) return [];
    return [...(index > 0 && !kept[index - 1] ? ['@@'] : []), `${sign}${text}`.trimEnd()];
  });
  return [`--- ${before === null ? '(new)' : path}`, `+++ ${path}`, ...shown].join('\n');
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** By the longest common subsequence; source files are small. */
function compare(before: readonly string[], after: readonly string[]): Line[] {
  const longest = table(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i] as string });
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && at(longest, i + 1, j) >= at(longest, i, j + 1))) {
      lines.push({ sign: '-', text: before[i] as string });
      i += 1;
    } else {
      lines.push({ sign: '+', text: after[j] as string });
      j += 1;
    }
  }
  return lines;
}

function table(before: readonly string[], after: readonly string[]): number[][] {
  const rows = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const isSame = before[i] === after[j];
      (rows[i] as number[])[j] = isSame
        ? at(rows, i + 1, j + 1) + 1
        : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
    }
  }
  return rows;
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}
