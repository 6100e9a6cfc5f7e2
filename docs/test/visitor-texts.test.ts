import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../hosted-core/src/cell/pages/messages/translator.ts';
import { readRegistries } from '../contract/registries.ts';
import { GENERAL, groupOf } from '../contract/visitors/texts.ts';

const { errors, 'visitor-texts': texts } = readRegistries();
const { languages, groups } = texts;
const tags = languages.map(({ tag }) => tag);
const codes = errors.map(({ code }) => code);

/** Every sentence and word, by where it stands. */
const said: [string, string, string][] = [
  ...languages.flatMap(({ tag, words }) => entriesOf(`words, ${tag}`, tag, words)),
  ...groups.flatMap(({ group, texts: of }) =>
    Object.entries(of).flatMap(([tag, parts]) => entriesOf(`${group}, ${tag}`, tag, parts)),
  ),
];

/** Words that mean nothing to whoever visits a site. */
const OF_DEVELOPERS =
  /bridge|\bcore\b|issuer|secret|\bSDK\b|webhook|[`_]|\(\)|USERREF|GDPR|registered|operator|configur(?:e|ation)|token|baseUrl|https?:/i;

/** The letters of each language that has some of its own. */
const LETTERS: Record<string, RegExp> = {
  ru: /^[^A-Za-z]*(?:cookie[^A-Za-z]*)*$/,
  ar: /^[^A-Za-z]*$/,
  he: /^[^A-Za-z]*(?:Cookie[^A-Za-z]*)*$/,
};

describe('what visitors read', () => {
  it('is in the languages of the cell’s pages, under the same names, running the same way', () => {
    const ofTheCell = Object.entries(LOCALES).map(([tag, { name, direction }]) => ({ tag, name, direction }));
    expect(languages.map(({ tag, name, direction }) => ({ tag, name, direction }))).toEqual(ofTheCell);
  });

  it('is there for every group in every language', () => {
    for (const { group, texts: of } of groups) {
      expect([group, Object.keys(of).sort()]).toEqual([group, [...tags].sort()]);
    }
  });

  it('has no group that no code reads, names each once, and knows of the registry alone', () => {
    const names = groups.map(({ group }) => group);
    const named = groups.flatMap((one) => one.codes);
    expect(new Set(names).size).toBe(names.length);
    expect(codes.map((code) => groupOf(code, texts).group)).toEqual(expect.arrayContaining(names));
    expect(new Set(named).size).toBe(named.length);
    expect(named.filter((code) => !codes.includes(code))).toEqual([]);
    for (const prefix of groups.flatMap(({ prefixes = [] }) => prefixes)) {
      expect([prefix, codes.some((code) => code.startsWith(prefix))]).toEqual([prefix, true]);
    }
  });

  it.each(codes)('is there for %s', (code) => {
    const { group, texts: of } = groupOf(code, texts);
    expect([group, tags.every((tag) => of[tag]?.advice)]).toEqual([group, true]);
  });

  it('falls back to one general text, which has no codes of its own', () => {
    expect(groups.filter(({ codes: own }) => own.length === 0).map(({ group }) => group)).toEqual([GENERAL]);
    expect(groupOf('a_code_of_next_year', texts).group).toBe(GENERAL);
  });

  it.each(said)('says nothing of what developers read: %s', (_where, tag, text) => {
    expect(text).not.toMatch(OF_DEVELOPERS);
    expect(text).toMatch(LETTERS[tag] ?? /./);
    expect(text).toBe(text.normalize('NFC').trim());
    expect(text).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]| {2}/);
  });

  it('is translated: no sentence is the English one', () => {
    for (const { group, texts: of } of groups) {
      const { en, ...others } = of;
      for (const [tag, text] of Object.entries(others)) {
        for (const part of ['title', 'happened', 'advice'] as const) {
          expect([group, tag, part, text[part] === en?.[part]]).toEqual([group, tag, part, false]);
        }
      }
    }
  });

  it('offers a way to sign in wherever it says to sign in', () => {
    for (const { group, way, texts: of } of groups) {
      const says = /^Please (?:allow .* and )?sign in |sign in again/i.test(of['en']?.advice ?? '');
      if (says) expect([group, way]).toEqual([group, 'sign_in']);
    }
  });
});

function entriesOf(where: string, tag: string, parts: object): [string, string, string][] {
  return Object.entries(parts).map(([name, text]) => [`${where}, ${name}`, tag, text]);
}
