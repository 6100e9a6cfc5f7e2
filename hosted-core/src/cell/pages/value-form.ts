import type { AttributeEntry } from '../../wall/catalogue.ts';
import { inert } from './inert-text.ts';
import type { MessageKey } from './messages/en.ts';
import { LOCALES, type Translator } from './messages/translator.ts';

export interface FormField {
  /** Name in the form: `value`, or `value.` and the member of an object. */
  readonly name: string;
  readonly label: string;
  readonly control: 'text' | 'lines' | 'date' | 'email' | 'tel' | 'number' | 'choice' | 'check';
  readonly value: string;
  readonly required: boolean;
  readonly maxLength: number | undefined;
  /** Which way what is typed runs; numbers and addresses of machines from left to right. */
  readonly direction: 'ltr' | 'auto';
  /** So that browsers can fill in what they know (WCAG 1.3.5). */
  readonly autocomplete: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[];
}

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly enum?: readonly unknown[];
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

type Definition = Pick<AttributeEntry, 'name' | 'schema' | 'derived'>;
export type ValueForm = Readonly<Record<string, unknown>>;

const SIMPLE = ['string', 'number', 'integer', 'boolean'];
const COUNTRY = '^[A-Z]{2}$';
const MEMBERS = ['recipient', 'street_address', 'postal_code', 'locality', 'region', 'country'] as const;
const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  ...{ 'profile:name': 'name', 'profile:given_name': 'given-name', 'profile:family_name': 'family-name' },
  ...{ 'profile:birthdate': 'bday', 'contact:email': 'email', 'contact:phone': 'tel' },
  ...{ recipient: 'name', street_address: 'street-address', postal_code: 'postal-code' },
  ...{ locality: 'address-level2', region: 'address-level1', country: 'country' },
};

/** Fields for a value as its JSON Schema has it; `undefined` for values that have no form, such as lists. */
export function valueFields(
  definition: Definition,
  given: unknown,
  label: string,
  t: Translator,
): FormField[] | undefined {
  const schema = definition.schema as Schema;
  if (definition.derived) return undefined;
  if (isSimple(schema))
    return [fieldOf({ name: 'value', key: definition.name, label, schema, required: true }, given, t)];
  const members = Object.entries(schema.properties ?? {});
  if (schema.type !== 'object' || members.length === 0 || !members.every(([, one]) => isSimple(one)))
    return undefined;
  const values = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  return members.map(([key, member]) => {
    const required = schema.required?.includes(key) === true;
    const place = { name: `value.${key}`, key, label: memberLabel(key, member, t), schema: member, required };
    return fieldOf(place, values[key], t);
  });
}

/** The value that a form says; the schema decides whether it is one. Empty members are left out. */
export function readValue(definition: Definition, form: ValueForm): unknown {
  const schema = definition.schema as Schema;
  if (isSimple(schema)) return readSimple(definition.name, schema, form.value);
  const members = Object.entries(schema.properties ?? {}).flatMap(([key, member]) => {
    const value = readSimple(key, member, form[`value.${key}`]);
    return value === '' || value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(members);
}

function isSimple({ type }: Schema): boolean {
  return SIMPLE.includes(type ?? '');
}

function readSimple(key: string, schema: Schema, given: unknown): unknown {
  if (schema.type === 'boolean') return given === 'yes';
  // Browsers send lines with CR LF (HTML, form data set); values have line feeds.
  const text = typeof given === 'string' ? given.replace(/\r\n?/g, '\n').trim() : '';
  if (schema.type !== 'string') return text === '' ? undefined : Number(text);
  return key === 'contact:phone' ? text.replace(/[\s().-]/g, '') : text;
}

interface Place {
  readonly name: string;
  /** The attribute, or the member of it. */
  readonly key: string;
  readonly label: string;
  readonly schema: Schema;
  readonly required: boolean;
}

function fieldOf({ name, key, label, schema, required }: Place, given: unknown, t: Translator): FormField {
  const control = controlOf(key, schema);
  const value = given === undefined || given === null ? '' : String(given);
  return {
    ...{ name, label, control, value, required, maxLength: schema.maxLength },
    direction: ['email', 'tel', 'date', 'number'].includes(control) ? 'ltr' : 'auto',
    autocomplete: AUTOCOMPLETE[key] ?? 'off',
    choices: control === 'choice' ? choicesOf(key, schema, value, t) : [],
  };
}

function controlOf(key: string, schema: Schema): FormField['control'] {
  if (schema.type === 'boolean') return 'check';
  if (schema.enum || schema.pattern === COUNTRY || key === 'profile:locale') return 'choice';
  if (schema.type !== 'string') return 'number';
  if (schema.format === 'date') return 'date';
  if (key === 'contact:email') return 'email';
  if (key === 'contact:phone') return 'tel';
  return key === 'street_address' ? 'lines' : 'text';
}

function choicesOf(key: string, schema: Schema, value: string, t: Translator): FormField['choices'] {
  const named = schema.enum
    ? schema.enum.map((one) => ({ value: String(one), label: inert(String(one)) }))
    : key === 'profile:locale'
      ? languages(value, t)
      : countries(t);
  return named.map((one) => ({ ...one, chosen: one.value === value }));
}

/** The languages of the pages, and the one that is kept. */
function languages(value: string, t: Translator) {
  const names = new Intl.DisplayNames(t.locale, { type: 'language' });
  const tags = [...new Set([...Object.keys(LOCALES), ...(value ? [value] : [])])];
  return tags.map((tag) => ({ value: tag, label: names.of(tag) ?? tag }));
}

/** Every code of ISO 3166-1 that has a name in the person's language, in the order of that language. */
function countries(t: Translator) {
  const names = new Intl.DisplayNames(t.locale, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const found = letters.flatMap((first) =>
    letters.flatMap((second) => {
      const value = `${first}${second}`;
      const label = NO_COUNTRY.has(value) ? undefined : names.of(value);
      return label ? [{ value, label }] : [];
    }),
  );
  return found.sort((one, other) => one.label.localeCompare(other.label, t.locale));
}

/** Codes that CLDR names and that are no countries: unions, oceans, retired states, private use. */
const NO_COUNTRY = new Set([
  ...['AC', 'AN', 'BU', 'CP', 'CQ', 'CS', 'CT', 'DD', 'DG', 'DY', 'EA', 'EU', 'EZ', 'FQ', 'FX', 'HV', 'IC'],
  ...['JT', 'MI', 'NH', 'NQ', 'NT', 'PC', 'PU', 'PZ', 'QO', 'QU', 'RH', 'SU', 'TA', 'TP', 'UK', 'UN', 'VD'],
  ...['WK', 'XA', 'XB', 'YD', 'YU', 'ZR', 'ZZ', 'NQ', 'XK'],
]);

function memberLabel(key: string, { title }: Schema, t: Translator): string {
  const known = MEMBERS.find((one) => one === key);
  return known ? t.text(`field.${known}` satisfies MessageKey) : inert(title ?? key);
}
