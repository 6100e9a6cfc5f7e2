import type { Dossier } from './dossier.ts';

/** How well each dossier of one site fits each of the other; higher fits better. */
export type Scores = readonly (readonly number[])[];

export interface Attack {
  readonly name: string;
  readonly scores: Scores;
}

type Sites = readonly [readonly Dossier[], readonly Dossier[]];

const PIECE = 8;
const LONGEST_EDITED = 64;
/** What more people than this have in common tells nobody apart. */
const RARE = 6;

/** All the ways in which two sites that put their files together look for one person in both. */
export function attacksOn(sites: Sites): Attack[] {
  const labels = (kind: 'ids' | 'numbers') => {
    const [first, second] = sites.map((files) => new Set(files.flatMap((file) => Object.keys(file[kind]))));
    return [...(first ?? [])].filter((label) => second?.has(label)).sort();
  };
  return [
    { name: 'equal values', scores: commonPieces(sites, ({ texts }) => texts) },
    { name: `equal pieces of ${PIECE} characters`, scores: commonPieces(sites, piecesOf) },
    ...labels('numbers').flatMap((label) => [
      { name: `closest ${label}`, scores: closeness(sites, (file) => file.numbers[label]) },
      { name: `same place in the order of ${label}`, scores: sameRank(sites, (file) => file.numbers[label]) },
    ]),
    ...labels('ids').flatMap((label) => [
      { name: `fewest different characters of ${label}`, scores: similarity(sites, label, hamming) },
      { name: `fewest edits of ${label}`, scores: similarity(sites, label, edits) },
    ]),
  ];
}

function piecesOf({ texts }: Dossier): string[] {
  return texts.flatMap((text) =>
    Array.from({ length: Math.max(0, text.length - PIECE + 1) }, (_, at) => text.slice(at, at + PIECE)),
  );
}

/** The rarer a common piece, the more it says. */
function commonPieces(sites: Sites, pieces: (file: Dossier) => string[]): Scores {
  const holders = new Map<string, [Set<number>, Set<number>]>();
  for (const side of [0, 1] as const)
    for (const [person, file] of sites[side].entries())
      for (const piece of new Set(pieces(file))) {
        const found = holders.get(piece) ?? [new Set<number>(), new Set<number>()];
        holders.set(piece, found);
        found[side].add(person);
      }
  const scores = matrix(sites, () => 0);
  for (const [first, second] of holders.values()) {
    if (first.size > RARE || second.size > RARE) continue;
    for (const a of first)
      for (const b of second) (scores[a] as number[])[b] = at(scores, a, b) + 1 / (first.size * second.size);
  }
  return scores;
}

function closeness(sites: Sites, value: (file: Dossier) => number | undefined): Scores {
  return matrix(sites, (a, b) => -Math.abs((value(a) ?? Number.NaN) - (value(b) ?? Number.NaN)));
}

function sameRank(sites: Sites, value: (file: Dossier) => number | undefined): Scores {
  const ranks = new Map<Dossier, number>();
  for (const files of sites) {
    const sorted = [...files].sort((a, b) => (value(a) ?? 0) - (value(b) ?? 0));
    for (const [rank, file] of sorted.entries()) ranks.set(file, rank);
  }
  return closeness(sites, (file) => ranks.get(file));
}

function similarity(sites: Sites, label: string, distance: (a: string, b: string) => number): Scores {
  const textOf = (file: Dossier) => (file.ids[label] ?? '').slice(0, LONGEST_EDITED);
  return matrix(sites, (a, b) => -distance(textOf(a), textOf(b)));
}

function hamming(a: string, b: string): number {
  let different = Math.abs(a.length - b.length);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1)
    if (a[index] !== b[index]) different += 1;
  return different;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function matrix([first, second]: Sites, score: (a: Dossier, b: Dossier) => number): number[][] {
  return first.map((a) =>
    second.map((b) => {
      const value = score(a, b);
      return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
    }),
  );
}

function at(scores: Scores, a: number, b: number): number {
  return scores[a]?.[b] ?? 0;
}
