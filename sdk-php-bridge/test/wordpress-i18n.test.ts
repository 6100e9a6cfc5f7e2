import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mo } from 'gettext-parser';
import { afterAll, describe, expect, it } from 'vitest';
import {
  extractTemplate,
  LANGUAGES,
  TEMPLATE,
  translationProblems,
  translations,
} from '../wordpress/build/template.ts';
import { compileTranslations } from '../wordpress/build/translations.ts';
import { ensurePhp } from './support/php.ts';
import { newFolder, removeFolders } from './support/test-bridge.ts';

const problem = ensurePhp('gettext');
const LOCALES = ['de_DE', 'ru_RU'];
const fileOf = (locale: string) => `userref-login-${locale}.po`;

describe.skipIf(problem !== undefined)('the translations of the WordPress plug-in', () => {
  afterAll(removeFolders);

  it('are made from every string that there is (otherwise run: node wordpress/build/template.ts)', () => {
    const template = readFileSync(join(LANGUAGES, TEMPLATE), 'utf8');
    expect(extractTemplate()).toBe(template);
    expect(template.match(/^msgid /gm)?.length).toBeGreaterThan(200);
    for (const word of ['→', '“', 'assets/block.js']) expect(template).toContain(word);
  });

  it('are there in German and Russian', () => {
    expect(translations()).toEqual(expect.arrayContaining(LOCALES.map(fileOf)));
  });

  it.each(LOCALES)('are complete and keep every placeholder: %s', (locale) => {
    expect(translationProblems(join(LANGUAGES, fileOf(locale)))).toBe('');
  });

  it.each([
    ['a string that is missing', /msgstr "Abgemeldet|msgstr "abgemeldet"/, 'msgstr ""', 'untranslated'],
    ['a placeholder that is missing', /Installieren Sie: %s\./, 'Installieren Sie.', 'format specification'],
    ['a placeholder of another kind', /%d gelöscht/, '%s gelöscht', 'format specifications'],
    ['a string that is gone', /msgid "%d new\."/, 'msgid "%d was new."', 'but this definition'],
    ['a file that is cut short', /msgstr "Version"/, 'msgstr "Version', 'end-of-line'],
  ])('are refused with %s', (_what, from, to, says) => {
    const good = readFileSync(join(LANGUAGES, fileOf('de_DE')), 'utf8');
    const file = join(newFolder(), 'planted.po');
    const planted = good.replace(from, to);
    writeFileSync(file, planted);
    expect(planted).not.toBe(good);
    expect(translationProblems(file)).toContain(says);
  });

  it('are compiled for PHP and for scripts', () => {
    const folder = newFolder();
    cpSync(LANGUAGES, folder, { recursive: true });
    compileTranslations(folder);
    const compiled = mo.parse(readFileSync(join(folder, 'userref-login-ru_RU.mo')));
    expect(compiled.translations['']?.['Sign in with Userref']?.msgstr).toEqual(['Войти через Userref']);
    expect(compiled.headers['Plural-Forms']).toContain('nplurals=3');
    const script = readFileSync(join(folder, 'userref-login-de_DE-userref-login-block.json'), 'utf8');
    const { messages } = JSON.parse(script).locale_data;
    expect(messages['Text of the button']).toEqual(['Text der Schaltfläche']);
    expect(messages[''].lang).toBe('de_DE');
    expect(Object.keys(messages)).not.toContain('Saved.');
  });
});
