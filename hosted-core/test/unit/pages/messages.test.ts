import { describe, expect, it } from 'vitest';
import { type Catalogue, en, type MessageKey } from '../../../src/cell/pages/messages/en.ts';
import {
  chooseLocale,
  directionOf,
  LOCALES,
  type Locale,
  translatorFor,
} from '../../../src/cell/pages/messages/translator.ts';
import { ATTRIBUTE_CATALOGUE } from '../../../src/contract/generated.ts';

const locales = Object.keys(LOCALES) as Locale[];
const keys = Object.keys(en) as MessageKey[];

function forms(catalogue: Catalogue, key: MessageKey): string[] {
  const message = catalogue[key];
  return typeof message === 'string' ? [message] : Object.values(message);
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

describe.each(locales)('The messages in %s', (locale) => {
  const { catalogue } = LOCALES[locale];

  it('are exactly the messages that there are in English, none empty', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(keys.toSorted());
    for (const key of keys) for (const text of forms(catalogue, key)) expect(text.trim(), key).not.toBe('');
  });

  it('have every plural form of the language', () => {
    const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    for (const key of keys) {
      const message: Catalogue[MessageKey] = catalogue[key];
      if (typeof message !== 'string') expect(Object.keys(message).toSorted(), key).toEqual(categories);
    }
  });

  it('fill in nothing but what English fills in, and all of it apart from the count', () => {
    for (const key of keys) {
      const known = new Set(forms(en, key).flatMap(placeholders));
      for (const text of forms(catalogue, key)) {
        const used = new Set(placeholders(text));
        for (const name of used) expect(known, key).toContain(name);
        for (const name of known) if (name !== 'count') expect(used, key).toContain(name);
      }
    }
  });

  it('have a label for every attribute', () => {
    for (const { name, labels } of ATTRIBUTE_CATALOGUE) expect(labels[locale], name).toBeTruthy();
  });
});

/** Words that are the same in both languages. */
const SAME: Partial<Record<Locale, MessageKey[]>> = { es: ['value.no'], de: ['field.region'] };

it.each(locales.filter((locale) => locale !== 'en'))('No message in %s was left in English', (locale) => {
  const same = keys.filter(
    (key) => JSON.stringify(LOCALES[locale].catalogue[key]) === JSON.stringify(en[key]),
  );
  expect(same).toEqual(SAME[locale] ?? []);
});

describe('A sentence', () => {
  it('takes the plural form of its language', () => {
    const russian = [1, 2, 5, 21].map((count) => translatorFor('ru').text('account.sites.count', { count }));
    expect(russian).toEqual([
      '1 подключённый сайт',
      '2 подключённых сайта',
      '5 подключённых сайтов',
      '21 подключённый сайт',
    ]);
    expect(translatorFor('ar').text('account.sites.count', { count: 2 })).toBe('موقعان متصلان');
    expect(translatorFor('ar').text('account.sites.count', { count: 11 })).toContain('موقعًا');
  });

  it('escapes what is filled in and isolates its direction', () => {
    const html = translatorFor('en').html('consent.title', { site: '<b>"Shop"</b>' });
    expect(html).toBe('Choose what to share with <bdi>&#60;b&#62;&#34;Shop&#34;&#60;/b&#62;</bdi>');
  });

  it('does not fill in twice: a name that looks like a placeholder stays a name', () => {
    expect(translatorFor('en').text('activity.granted', { attribute: '{site}', site: 'Shop' })).toBe(
      'You share {site} with Shop',
    );
  });
});

describe('The language of a page', () => {
  it.each<[string, Parameters<typeof chooseLocale>[0], Locale]>([
    ['is the one just chosen', { query: 'ru', cookie: 'ar', suggested: ['en'], acceptLanguage: 'en' }, 'ru'],
    ['else the one chosen before', { cookie: 'ar', suggested: ['en'], acceptLanguage: 'ru' }, 'ar'],
    [
      'else the first that the site suggests and we have',
      { suggested: ['xx', 'ru-RU'], acceptLanguage: 'ar' },
      'ru',
    ],
    ['else what the browser likes best', { acceptLanguage: 'en;q=0.5, ar-EG;q=0.9, xx' }, 'ar'],
    ['else English', { query: 'xx', cookie: '', suggested: [], acceptLanguage: '*' }, 'en'],
    [
      'is not taken from names that objects have by birth',
      { query: 'constructor', cookie: '__proto__' },
      'en',
    ],
    ['is not one that the browser refuses', { acceptLanguage: 'ru;q=0, ar' }, 'ar'],
  ])('%s', (_rule, wishes, expected) => {
    expect(chooseLocale(wishes)).toBe(expected);
  });

  it('runs from right to left in Arabic and Hebrew, whatever the country', () => {
    const found = ['ar-EG', 'he-IL', 'ru', 'fa'].map((tag) => directionOf(tag));
    expect(found).toEqual(['rtl', 'rtl', 'ltr', 'auto']);
  });
});
