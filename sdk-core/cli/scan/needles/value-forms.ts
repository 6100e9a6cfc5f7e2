import { fold } from './fold.ts';

/** Country calling codes of one and two digits; all others have three (ITU-T E.164). */
const SHORT_CODES = /^(1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const PHONE = /^\+?[\d\s().\-/\u00a0]{8,24}$/;
/** Two to five words of letters alone. */
const NAME = /^\p{L}[\p{L}\p{M}'’.-]*(?:\s+\p{L}[\p{L}\p{M}'’.-]*){1,4}$/u;
/** A time of these years in seconds, of which shops have many, reads like a German mobile number without its zero. */
const UNIX_TIME = /^1\d{9}$/;
const E164 = /^\d{9,15}$/;

/**
 * The folded forms under which a value may turn up: a phone number with its country and as it is dialled at home,
 * a name also with the family name first.
 */
export function formsOfValue(value: string): string[] {
  const folded = fold(value);
  const isPhone = PHONE.test(value.trim()) && E164.test(folded) && /^\s*\+/.test(value);
  if (isPhone) return phoneForms(folded);
  return NAME.test(value.trim()) ? nameForms(value) : [folded];
}

/** @param international digits of E.164, without the plus */
export function phoneForms(international: string): string[] {
  const code = SHORT_CODES.exec(international)?.[0] ?? international.slice(0, 3);
  const national = international.slice(code.length);
  const isTelling = national.length >= 10 && !UNIX_TIME.test(national);
  return [international, `0${national}`, ...(isTelling ? [national] : [])];
}

/** @returns both orders of the words, when there is more than one */
export function nameForms(name: string): string[] {
  const words = name.trim().split(/[\s,]+/u);
  const forms = [name, [...words.slice(-1), ...words.slice(0, -1)].join(' ')];
  return [...new Set(forms.map(fold))];
}
