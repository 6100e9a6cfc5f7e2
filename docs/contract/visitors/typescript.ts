import { literal } from '../literal.ts';
import type { VisitorTexts } from '../registries.ts';
import { PAGE_POLICY, PAGE_STYLE } from './page-style.ts';
import { groupByCode, groupByPrefix, sentencesIn } from './texts.ts';

const HEAD = `// Generated from docs/contract by \`npm run contract\`. Do not edit: change the registry there.\n`;

/** What visitors read, by file name: the groups of codes in one module, and each language in one of its own. */
export function visitorModules(texts: VisitorTexts): Record<string, string> {
  const languages = texts.languages.map(({ tag }) => [`languages/${tag}.ts`, languageModule(tag, texts)]);
  return { 'visitor-texts.ts': groupsModule(texts), ...Object.fromEntries(languages) };
}

function groupsModule(texts: VisitorTexts): string {
  const { groups } = texts;
  const ways = groups.filter(({ way }) => way !== 'start').map(({ group, way }) => [group, way]);
  const words = Object.keys(texts.languages[0]?.words ?? {}).map((word) => `    readonly ${word}: string;\n`);
  return `${HEAD}
/** Groups of error codes that mean the same for visitors. */
export type VisitorGroup =
${groups.map(({ group }) => `  | '${group}'`).join('\n')};

/** What visitors read on pages about errors, in one language. */
export interface VisitorLanguage {
  /** BCP 47. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: {
${words.join('')}  };
  /** What happened in a few words, what happened in a sentence, and what the visitor can do. */
  readonly texts: Readonly<Record<VisitorGroup, readonly [title: string, happened: string, advice: string]>>;
}

/** The style of a page about an error. */
export const PAGE_STYLE =
  ${quoted(PAGE_STYLE)};

/** Its Content-Security-Policy: no scripts, that one style, nothing from elsewhere. */
export const PAGE_POLICY =
  ${quoted(PAGE_POLICY)};

/** The group of each code that has one. */
export const GROUPS: Readonly<Record<string, VisitorGroup>> = ${literal(Object.fromEntries(groupByCode(texts)))};

/** The group of the other codes that begin like this. */
export const PREFIXES: Readonly<Record<string, VisitorGroup>> = ${literal(Object.fromEntries(groupByPrefix(texts)))};

/** The way on that a group offers besides the start page. */
export const WAYS: Readonly<Partial<Record<VisitorGroup, 'sign_in' | 'share'>>> = ${literal(Object.fromEntries(ways))};
`;
}

function languageModule(tag: string, texts: VisitorTexts): string {
  const language = texts.languages.find((one) => one.tag === tag);
  const value = {
    tag,
    direction: language?.direction,
    words: language?.words,
    texts: Object.fromEntries(sentencesIn(tag, texts)),
  };
  return `${HEAD}
import type { VisitorLanguage } from '../visitor-texts.ts';

/** ${language?.name}. */
export const ${tag}: VisitorLanguage = ${literal(value)};
`;
}

/** A text without double quotes, as a literal. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
