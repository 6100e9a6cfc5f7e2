import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseLocale, LOCALES, type Locale } from '../../../src/cell/pages/messages/translator.ts';
import { CORE_MESSAGES, directionOfCore } from '../../../src/core/oidc/core-page-messages.ts';

const file = new URL('../../../../docs/contract/vectors/accept-language/cases.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  cases: { scenario: string; accept_language: string | null; language: string }[];
};

describe('the language of a page of the cell', () => {
  it.each(cases.map((one) => [one.scenario, one] as const))(
    'is that of the contract, where nobody chose another: %s',
    (_scenario, { accept_language, language }) => {
      expect(chooseLocale({ acceptLanguage: accept_language ?? undefined })).toBe(language);
    },
  );
});

describe('the core’s own pages', () => {
  it('speak the languages of the cell’s, each in its direction and with words of its own', () => {
    expect(Object.keys(CORE_MESSAGES).toSorted()).toEqual(Object.keys(LOCALES).toSorted());
    for (const locale of Object.keys(LOCALES) as Locale[]) {
      expect(directionOfCore(locale)).toBe(LOCALES[locale].direction);
      if (locale !== 'en') expect(CORE_MESSAGES[locale].error.text).not.toBe(CORE_MESSAGES.en.error.text);
    }
  });
});
