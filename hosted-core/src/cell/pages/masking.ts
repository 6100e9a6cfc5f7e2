import { ATTRIBUTE_CATALOGUE } from '../../contract/generated.ts';
import { inert } from './inert-text.ts';
import type { Locale, Translator } from './messages/translator.ts';

type Entry = (typeof ATTRIBUTE_CATALOGUE)[number];

const ENTRIES = new Map<string, Entry>(ATTRIBUTE_CATALOGUE.map((entry) => [entry.name, entry]));
const DOTS = '•••';

/** What people call an attribute; its own name when the catalogue has none. */
export function attributeLabel(attribute: string, locale: Locale): string {
  return ENTRIES.get(attribute)?.labels[locale] ?? attribute;
}

/** Where the value of a derived attribute comes from, such as the date of birth; else `undefined`. */
export function derivationOf(attribute: string) {
  const entry = ENTRIES.get(attribute);
  return entry && 'derived' in entry ? entry.derived : undefined;
}

/** Enough of a value to recognise it as one's own, and too little for somebody who looks over the shoulder. */
export function maskValue(attribute: string, value: unknown, t: Translator): string {
  const rule = ENTRIES.get(attribute)?.mask;
  if (rule === 'none') return showValue(attribute, value, t);
  if (rule === 'locality') return maskAddress(value);
  const text = inert(String(value));
  if (rule === 'initials')
    return text
      .split(/\s+/)
      .map((word) => `${firstOf(word)}${DOTS}`)
      .join(' ');
  if (rule === 'year') return `${text.slice(0, 4)}-••-••`;
  if (rule === 'email') return maskEmail(text);
  if (rule === 'last_digits') return `${DOTS} ${DOTS} ${text.slice(-2)}`;
  return DOTS;
}

/** Numbers and addresses of machines run from left to right in every language. */
export function maskDirection(attribute: string): 'ltr' | 'auto' {
  return ['year', 'email', 'last_digits'].includes(ENTRIES.get(attribute)?.mask ?? '') ? 'ltr' : 'auto';
}

/** As {@link maskDirection}, for the whole value. */
export function valueDirection(attribute: string): 'ltr' | 'auto' {
  return attribute.startsWith('contact:') ? 'ltr' : 'auto';
}

/** Where an attribute stands among the others, as the catalogue has it. */
export function catalogueOrder(left: string, right: string): number {
  const names = [...ENTRIES.keys()];
  return names.indexOf(left) - names.indexOf(right);
}

/** The whole value, as people write it. Lines are parted by line feeds. */
export function showValue(attribute: string, value: unknown, t: Translator): string {
  if (typeof value === 'boolean') return t.text(value ? 'value.yes' : 'value.no');
  if (typeof value === 'object' && value !== null) return showAddress(value as Record<string, string>, t);
  const text = inert(String(value));
  if (attribute === 'profile:birthdate') return t.date(new Date(`${text}T00:00:00Z`));
  if (attribute === 'profile:locale') return named(text, 'language', t);
  if (attribute === 'profile:citizenship' || attribute === 'address:country') return named(text, 'region', t);
  return text;
}

function maskEmail(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 1 ? DOTS : `${firstOf(text)}${DOTS}${text.slice(at)}`;
}

function maskAddress(value: unknown): string {
  const { locality = '', country = '' } = (value ?? {}) as Record<string, string>;
  return [DOTS, inert(locality), inert(country)].filter(Boolean).join(', ');
}

function showAddress(address: Record<string, string>, t: Translator): string {
  const town = [address.postal_code, address.locality, address.region].filter(Boolean).join(', ');
  const country = address.country && named(address.country, 'region', t);
  const lines = [address.recipient, ...(address.street_address ?? '').split('\n'), town, country];
  return lines
    .map((line) => inert(line ?? ''))
    .filter(Boolean)
    .join('\n');
}

function named(code: string, type: 'language' | 'region', t: Translator): string {
  try {
    return new Intl.DisplayNames(t.locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

function firstOf(word: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word);
  return first?.segment ?? '';
}
