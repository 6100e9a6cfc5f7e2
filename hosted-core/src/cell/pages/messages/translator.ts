import { parseAcceptLanguage } from '../../../http/accept-language.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { type Catalogue, en, type MessageKey } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { he } from './he.ts';
import { ru } from './ru.ts';

/** The languages of the pages, each under its own name. */
export const LOCALES = {
  en: { name: 'English', direction: 'ltr', catalogue: en },
  ru: { name: 'Русский', direction: 'ltr', catalogue: ru },
  de: { name: 'Deutsch', direction: 'ltr', catalogue: de },
  fr: { name: 'Français', direction: 'ltr', catalogue: fr },
  es: { name: 'Español', direction: 'ltr', catalogue: es },
  ar: { name: 'العربية', direction: 'rtl', catalogue: ar },
  he: { name: 'עברית', direction: 'rtl', catalogue: he },
} as const satisfies Record<string, { name: string; direction: 'ltr' | 'rtl'; catalogue: Catalogue }>;

export type Locale = keyof typeof LOCALES;
export const DEFAULT_LOCALE: Locale = 'en';

export type Parameters = Readonly<Record<string, string | number>>;

/** Says our sentences in one language. Made once a language, shared by all requests. */
export interface Translator {
  readonly locale: Locale;
  readonly direction: 'ltr' | 'rtl';
  /** Plain text. `count` chooses the plural form and is written in the digits of the language. */
  text(key: MessageKey, parameters?: Parameters): string;
  /** HTML: the sentence and every parameter are escaped, and each parameter stands in a `<bdi>` of its own. */
  html(key: MessageKey, parameters?: Parameters): string;
  /** A day with its month in words, in UTC. */
  date(day: Date): string;
  /** As {@link date}, with hours and minutes, and UTC named. */
  moment(at: Date): string;
  number(value: number): string;
}

const TRANSLATORS = Object.fromEntries(
  (Object.keys(LOCALES) as Locale[]).map((locale) => [locale, createTranslator(locale)]),
) as Record<Locale, Translator>;

export function translatorFor(locale: Locale): Translator {
  return TRANSLATORS[locale];
}

function createTranslator(locale: Locale): Translator {
  const { direction } = LOCALES[locale];
  const catalogue: Catalogue = LOCALES[locale].catalogue;
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });

  const moments = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'long',
    timeZone: 'UTC',
  });

  function sentence(key: MessageKey, parameters: Parameters): string {
    const message = catalogue[key];
    if (typeof message === 'string') return message;
    return message[plurals.select(Number(parameters.count))] ?? message.other ?? '';
  }
  function shown(value: string | number | undefined): string {
    return typeof value === 'number' ? numbers.format(value) : (value ?? '');
  }
  return {
    locale,
    direction,
    text: (key, parameters = {}) =>
      sentence(key, parameters).replace(PLACEHOLDER, (_, name: string) => shown(parameters[name])),
    html: (key, parameters = {}) =>
      escapeHtml(sentence(key, parameters)).replace(
        PLACEHOLDER,
        (_, name: string) => `<bdi>${escapeHtml(shown(parameters[name]))}</bdi>`,
      ),
    date: (day) => days.format(day),
    moment: (at) => moments.format(at),
    number: (value) => numbers.format(value),
  };
}

const PLACEHOLDER = /\{(\w+)\}/g;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Which language a page speaks: the person's own choice (`?lang=`, then the cookie that remembers it),
 * then what the site suggests (`ui_locales`), then what the browser asks for.
 */
export function chooseLocale(wishes: {
  query?: string | undefined;
  cookie?: string | undefined;
  suggested?: readonly string[] | undefined;
  acceptLanguage?: string | undefined;
}): Locale {
  const wanted = [
    wishes.query,
    wishes.cookie,
    ...(wishes.suggested ?? []),
    ...parseAcceptLanguage(wishes.acceptLanguage),
  ];
  return wanted.map((tag) => supported(tag)).find((locale) => locale !== undefined) ?? DEFAULT_LOCALE;
}

/** Which way text in a language runs; `auto` for languages that are not ours. */
export function directionOf(tag: string): 'ltr' | 'rtl' | 'auto' {
  const locale = supported(tag);
  return locale ? LOCALES[locale].direction : 'auto';
}

/** Our language for a BCP 47 tag, by its primary subtag. */
export function supported(tag: string | undefined): Locale | undefined {
  const primary = tag?.split('-')[0]?.toLowerCase();
  return primary !== undefined && Object.hasOwn(LOCALES, primary) ? (primary as Locale) : undefined;
}
