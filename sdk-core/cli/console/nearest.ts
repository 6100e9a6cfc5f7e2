const MOST = 3;

/** The candidates that `word` may be a misspelling of, the nearest first; at most three. */
export function nearest(word: string, candidates: readonly string[]): string[] {
  const wanted = word.toLowerCase().replaceAll('-', '_');
  return candidates
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate) }))
    .filter(({ candidate, distance }) => isNear(wanted, candidate, distance))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, MOST)
    .map(({ candidate }) => candidate);
}

function isNear(word: string, candidate: string, distance: number): boolean {
  if (word.length >= 4 && candidate.includes(word)) return true;
  return distance <= Math.max(1, Math.floor(candidate.length / 4));
}

/** Levenshtein's, with a swap of neighbours as one step. */
function distance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
