import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseLocale } from '../../../src/cell/pages/messages/translator.ts';

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
