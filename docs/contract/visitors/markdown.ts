import { code, HEAD, table } from '../markdown.ts';
import type { Registries, VisitorGroup, VisitorTexts } from '../registries.ts';
import { GENERAL, groupOf } from './texts.ts';

/** The page of the reference about what visitors read. */
export function visitorTextsPage(registries: Registries): string {
  const texts = registries['visitor-texts'];
  const sections = texts.groups.map((group) => section(group, texts, codesOf(group, registries)));
  return `${HEAD}# What visitors read

${texts.description}

The first language that a browser asks for (\`Accept-Language\`) and that is here is spoken, English to all others. The
cases are in [vectors/accept-language](../contract/vectors/accept-language/README.md), the reasons in
[decision 0057](../decisions/0057-visitor-texts.md). Below each page stand the code of the error and the id of the
request, for whoever helps.

${table(
  ['language', '', ...Object.keys(texts.languages[0]?.words ?? {})],
  texts.languages.map(({ tag, name, words }) => [code(tag), name, ...Object.values(words)]),
)}
${sections.join('\n')}`;
}

function section({ group, way, texts }: VisitorGroup, { languages }: VisitorTexts, codes: string[]): string {
  const rows = languages.map(({ tag }) => {
    const { title = '', happened = '', advice = '' } = texts[tag] ?? {};
    return [code(tag), title, happened, advice];
  });
  return `## ${group}

${codes.map((one) => `[${one}](errors/${one}.md)`).join(' · ')}${WAYS[way]}

${table(['', 'title', 'what happened', 'what the visitor can do'], rows)}`;
}

const WAYS: Record<VisitorGroup['way'], string> = {
  sign_in: '\n\nWith a link to sign in.',
  share: '\n\nWith a link to choose what to share.',
  start: '',
};

function codesOf({ group }: VisitorGroup, { errors, 'visitor-texts': texts }: Registries): string[] {
  const own = errors.map((entry) => entry.code).filter((one) => groupOf(one, texts).group === group);
  return group === GENERAL ? own : own.sort();
}
