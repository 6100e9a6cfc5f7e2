import { HEAD, quote } from '../php.ts';
import type { VisitorTexts } from '../registries.ts';
import { PAGE_POLICY, PAGE_STYLE } from './page-style.ts';
import { groupByCode, groupByPrefix, sentencesIn } from './texts.ts';

/** What visitors read, as one class of the PHP client; by file name. */
export function visitorPhpFiles(texts: VisitorTexts): Record<string, string> {
  return { 'VisitorTexts.php': visitorTexts(texts) };
}

function visitorTexts(texts: VisitorTexts): string {
  const { languages, groups } = texts;
  return `${HEAD}
/** What visitors read on pages about errors. */
final class VisitorTexts
{
    /** Which way each language runs, by BCP 47 tag. The first is spoken to who asks for none of them. */
    public const DIRECTIONS = ${list(languages.map(({ tag, direction }) => [tag, quote(direction)]))};

    /** The style of the page. */
    public const PAGE_STYLE = ${quote(PAGE_STYLE)};

    /** Its Content-Security-Policy: no scripts, that one style, nothing from elsewhere. */
    public const PAGE_POLICY = ${quote(PAGE_POLICY)};

    /** The group of each code that has one. */
    public const GROUPS = ${list(groupByCode(texts).map(([code, group]) => [code, quote(group)]))};

    /** The group of the other codes that begin like this. */
    public const PREFIXES = ${list(groupByPrefix(texts).map(([prefix, group]) => [prefix, quote(group)]))};

    /** The way on that a group offers besides the start page. */
    public const WAYS = ${list(groups.filter(({ way }) => way !== 'start').map(({ group, way }) => [group, quote(way)]))};

    /** Words of the page, by language. */
    public const WORDS = ${list(
      languages.map(({ tag, words }) => [
        tag,
        list(
          Object.entries(words).map(([name, word]) => [name, quote(word)]),
          8,
        ),
      ]),
    )};

    /** What happened in a few words, what happened in a sentence, what the visitor can do; by language and group. */
    public const TEXTS = ${list(languages.map(({ tag }) => [tag, sentences(tag, texts)]))};
}
`;
}

function sentences(tag: string, texts: VisitorTexts): string {
  return list(
    sentencesIn(tag, texts).map(([group, parts]) => [
      group,
      `[\n${lines(parts.map(quote), 16)}            ]`,
    ]),
    8,
  );
}

/** An array of PHP whose keys are strings and whose values are PHP already. */
function list(entries: readonly (readonly [string, string])[], indent = 4): string {
  const items = entries.map(([key, value]) => `${quote(key)} => ${value}`);
  return `[\n${lines(items, indent + 4)}${' '.repeat(indent)}]`;
}

function lines(items: readonly string[], indent: number): string {
  return items.map((item) => `${' '.repeat(indent)}${item},\n`).join('');
}
