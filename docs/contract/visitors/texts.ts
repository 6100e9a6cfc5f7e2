import type { VisitorGroup, VisitorTexts } from '../registries.ts';

/** The group that every code without one of its own falls back to. */
export const GENERAL = 'general';

/** The group of a code: the one that names it, else the one whose prefix it has, else the general one. */
export function groupOf(code: string, { groups }: VisitorTexts): VisitorGroup {
  const found =
    groups.find(({ codes }) => codes.includes(code)) ??
    groups.find(({ prefixes }) => prefixes?.some((prefix) => code.startsWith(prefix))) ??
    groups.find(({ group }) => group === GENERAL);
  if (found === undefined) throw new Error(`visitor-texts.json has no group "${GENERAL}"`);
  return found;
}

/** The three sentences of each group in a language, by group. */
export function sentencesIn(tag: string, { groups }: VisitorTexts): [string, string[]][] {
  return groups.map(({ group, texts }) => {
    const text = texts[tag];
    if (text === undefined) throw new Error(`visitor-texts.json: "${group}" has no text in "${tag}"`);
    return [group, [text.title, text.happened, text.advice]];
  });
}

/** Group by code, for all groups. */
export function groupByCode({ groups }: VisitorTexts): [string, string][] {
  return groups.flatMap(({ group, codes }) => codes.map((code): [string, string] => [code, group])).sort();
}

/** Group by the prefix of its codes. */
export function groupByPrefix({ groups }: VisitorTexts): [string, string][] {
  return groups.flatMap(({ group, prefixes = [] }) =>
    prefixes.map((prefix): [string, string] => [prefix, group]),
  );
}
