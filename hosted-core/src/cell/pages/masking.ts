import { ATTRIBUTE_CATALOGUE } from '../../contract/generated.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import { inert } from './inert-text.ts';
import type { Locale, Translator } from './messages/translator.ts';

/** Where definitions of attributes are looked up: the default catalogue, or that and the operator's own. */
export interface Definitions {
  find(name: string): AttributeEntry | undefined;
}

/** All of them, too. */
export interface ListedDefinitions extends Definitions {
  list(): readonly AttributeEntry[];
}

const ENTRIES = new Map<string, AttributeEntry>(ATTRIBUTE_CATALOGUE.map((entry) => [entry.name, entry]));
export const STANDARD: Definitions = { find: (name) => ENTRIES.get(name) };
const DOTS = '•••';

/** What people call an attribute, in English where the operator wrote no other; else its own name. */
export function attributeLabel(attribute: string, locale: Locale, definitions = STANDARD): string {
  const labels = definitions.find(attribute)?.labels;
  return inert(labels?.[locale] ?? labels?.en ?? attribute);
}

/** Where the value of a derived attribute comes from, such as the date of birth; else `undefined`. */
export function derivationOf(attribute: string, definitions = STANDARD) {
  return definitions.find(attribute)?.derived;
}

/** Enough of a value to recognise it as one's own, and too little for somebody who looks over the shoulder. */
export function maskValue(attribute: string, value: unknown, t: Translator, definitions = STANDARD): string {
  const rule = definitions.find(attribute)?.mask;
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
export function maskDirection(attribute: string, definitions = STANDARD): 'ltr' | 'auto' {
  return ['year', 'email', 'last_digits'].includes(definitions.find(attribute)?.mask ?? '') ? 'ltr' : 'auto';
}

/** As {@link maskDirection}, for the whole value. */
export function valueDirection(attribute: string): 'ltr' | 'auto' {
  return attribute.startsWith('contact:') ? 'ltr' : 'auto';
}

/** Where an attribute stands among the others: the default catalogue first, in its order. */
export function catalogueOrder(left: string, right: string): number {
  const names = [...ENTRIES.keys()];
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return place(left) - place(right) || left.localeCompare(right);
}

/** The whole value, as people write it. Lines are parted by line feeds. */
export function showValue(attribute: string, value: unknown, t: Translator): string {
  if (typeof value === 'boolean') return t.text(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return t.number(value);
  if (typeof value === 'object' && value !== null) return showObject(value as Record<string, unknown>, t);
  const text = inert(String(value));
  if (attribute === 'profile:birthdate') return t.date(new Date(`${text}T00:00:00Z`));
  if (attribute === 'profile:locale') return named(text, 'language', t);
  if (attribute === 'profile:citizenship' || attribute === 'address:country') return named(text, 'region', t);
  return text;
}

/** An address, or the members of something else, line by line. */
function showObject(value: Record<string, unknown>, t: Translator): string {
  if (typeof value.street_address === 'string') return showAddress(value as Record<string, string>, t);
  return Object.entries(value)
    .map(
      ([name, member]) =>
        `${inert(name)}: ${inert(typeof member === 'string' ? member : JSON.stringify(member))}`,
    )
    .join('\n');
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
