import { domainToASCII } from 'node:url';

/** Identifiers by which operators may look people up. */
export type IdentifierField = 'email' | 'phone';

/**
 * Bound into every index. The rules below never change for a version: an index made today must be found in
 * ten years. New rules get a new version and a rotation of the index.
 */
export const NORMALISATION_VERSION = 1;

/** Which stored attribute each field indexes. */
export const INDEXED_ATTRIBUTES: Readonly<Record<IdentifierField, string>> = {
  email: 'contact:email',
  phone: 'contact:phone',
};

const MAX_LOCAL_BYTES = 64;
const MAX_DOMAIN_CHARACTERS = 253;
/** What nobody sees, or what turns around what they see. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Z}]/u;
/** RFC 5322 atoms, and the letters and digits of other scripts (RFC 6531). Quoted local parts are refused. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+(\.[\p{L}\p{M}\p{N}!#$%&'*+\-/=?^_`{|}~]+)*$/u;
/** Before the mapping of UTS 46: no percent sign, no port, no bracket, which a URL's host would understand. */
const DOMAIN = /^[\p{L}\p{M}\p{N}.\-\u3002\uff0e\uff61]+$/u;
const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const IPV4_LIKE = /(^|\.)[0-9]+$/;
const PHONE = /^\+[1-9][0-9]{6,14}$/;
const PHONE_SEPARATORS = /[ \u00a0().\-/]/g;

/**
 * One spelling for each e-mail address or phone number; `undefined` for what has none of its own. Two
 * spellings that differ to a mail server or to a reader are never made one: what could be read in two ways is
 * refused rather than merged.
 */
export function normaliseIdentifier(field: IdentifierField, value: string): string | undefined {
  if (!value.isWellFormed()) return undefined;
  return field === 'email' ? normaliseEmail(value) : normalisePhone(value);
}

function normaliseEmail(value: string): string | undefined {
  const trimmed = value.trim();
  const at = trimmed.indexOf('@');
  if (at < 1 || at !== trimmed.lastIndexOf('@') || UNSEEN.test(trimmed)) return undefined;
  const local = normaliseLocal(trimmed.slice(0, at));
  const domain = normaliseDomain(trimmed.slice(at + 1));
  return local && domain ? `${local}@${domain}` : undefined;
}

function normaliseLocal(raw: string): string | undefined {
  // Singletons such as the Kelvin sign would become another letter without anybody having written it.
  if ([...raw].some((letter) => letter.normalize('NFC') !== letter)) return undefined;
  const composed = raw.normalize('NFC');
  // Full-width letters, ligatures and their like look the same as plain ones and are not.
  if (composed.normalize('NFKC') !== composed || !LOCAL.test(composed)) return undefined;
  if (![...composed].every(hasOneCaseMapping)) return undefined;
  const lower = composed.toLowerCase();
  return Buffer.byteLength(lower) <= MAX_LOCAL_BYTES ? lower : undefined;
}

/** Not the Turkish dotted and dotless i, the sharp s, the final sigma: their lower case depends on who asks. */
function hasOneCaseMapping(letter: string): boolean {
  const lower = letter.toLowerCase();
  const upper = letter.toUpperCase();
  return lower.toUpperCase() === upper && upper.toLowerCase() === lower && [...lower].length === 1;
}

/** UTS 46 is what makes a domain: full-width, upper case and U-labels name the same host as their A-label. */
function normaliseDomain(raw: string): string | undefined {
  if (!DOMAIN.test(raw)) return undefined;
  const ascii = domainToASCII(raw.normalize('NFC'));
  if (ascii.length > MAX_DOMAIN_CHARACTERS || IPV4_LIKE.test(ascii) || !HOST.test(ascii)) return undefined;
  return ascii;
}

/** International form only: a number without its country belongs to nobody in particular. */
function normalisePhone(value: string): string | undefined {
  const trimmed = value.trim();
  // «+49 (0) 30 …» is read with and without the zero.
  if (/\(0+\)/.test(trimmed)) return undefined;
  const digits = trimmed.replace(PHONE_SEPARATORS, '');
  return PHONE.test(digits) ? digits : undefined;
}
