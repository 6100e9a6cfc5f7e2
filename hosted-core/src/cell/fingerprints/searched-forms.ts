import { foldValue } from './folded-value.ts';

/** Country calling codes of one and two digits; all others have three (ITU-T E.164). */
const SHORT_CODES = /^(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
/** A national number that is this long is looked for without the zero in front, too. */
const LONG_NATIONAL = 10;
/** A time of these years in seconds, of which shops have many, reads like a German mobile number without its zero. */
const UNIX_TIME = /^1\d{9}$/;
/** An attribute of the operator's own that is shorter would be found where it is not meant. */
const FEWEST_OWN = 10;
/** Shared by many people, so it says nothing about one. */
const NOT_IDENTIFYING = new Set([
  'profile:given_name',
  'profile:family_name',
  'profile:birthdate',
  'profile:locale',
  'profile:citizenship',
]);

/**
 * The folded forms under which a value of a person may lie in somebody's database. None for what many people
 * share, such as a city or a first name: a shop has those for reasons of its own.
 */
export function searchedForms(attribute: string, value: unknown): string[] {
  if (NOT_IDENTIFYING.has(attribute)) return [];
  if (attribute.startsWith('address:')) return addressForms(value);
  if (typeof value !== 'string') return [];
  if (attribute === 'contact:phone') return phoneForms(foldValue(value));
  if (attribute === 'profile:name') return nameForms(value);
  const folded = foldValue(value);
  return attribute === 'contact:email' || folded.length >= FEWEST_OWN ? [folded] : [];
}

function phoneForms(international: string): string[] {
  const code = SHORT_CODES.exec(international)?.[0] ?? international.slice(0, 3);
  const national = international.slice(code.length);
  const isTelling = national.length >= LONG_NATIONAL && !UNIX_TIME.test(national);
  return [international, `0${national}`, ...(isTelling ? [national] : [])];
}

/** Also with the family name first. A single word may be anybody's. */
function nameForms(name: string): string[] {
  const words = name.trim().split(/[\s,]+/u);
  if (words.length < 2) return [];
  return [words, [...words.slice(-1), ...words.slice(0, -1)]].map((one) => foldValue(one.join(' ')));
}

/** The street with its number, and the code with the place in both orders; a city alone is nobody's. */
function addressForms(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { street_address: street, postal_code: code, locality, recipient } = value as Record<string, unknown>;
  const forms: string[] = [];
  if (typeof street === 'string') forms.push(foldValue(street));
  if (typeof street === 'string' && typeof code === 'string' && typeof locality === 'string') {
    forms.push(foldValue(street + code), foldValue(street + locality));
  }
  return typeof recipient === 'string' ? [...forms, ...nameForms(recipient)] : forms;
}
