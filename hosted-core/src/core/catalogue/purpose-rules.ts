import { UserrefError } from '../../errors/userref-error.ts';
import { CONSENT_BASES, DPV_PURPOSES } from '../../vocabulary/dpv-terms.ts';
import type { PurposeText } from '../../wall/region-cell.ts';

/** Longest texts, in characters. A person has to read them on one screen. */
export const PURPOSE_LIMITS = { title: 120, description: 1000, recipients: 300, locales: 20 } as const;

/**
 * What a purpose must be: named, limited in time, in English at least, short enough to be read, and in terms of
 * the vendored vocabulary.
 * @throws UserrefError `invalid_request` that names the part
 */
export function checkedPurpose(purpose: PurposeText): PurposeText {
  const problem = problemOf(purpose);
  if (!problem) return purpose;
  throw new UserrefError('invalid_request', { detail: `The purpose ${purpose.purposeId} ${problem}.` });
}

function problemOf({
  purposeId,
  maxDurationDays,
  texts,
  dpvPurpose,
  legalBasis,
}: PurposeText): string | undefined {
  if (!/^[a-z][a-z0-9_]{1,62}$/.test(purposeId)) return 'needs an id of 2 to 63 characters of a–z, 0–9 and _';
  if (!Number.isInteger(maxDurationDays) || maxDurationDays < 1 || maxDurationDays > 3650)
    return 'needs a maximum duration of 1 to 3650 days';
  if (!texts.en?.title || !texts.en.description) return 'needs an English title and description';
  const locales = Object.keys(texts);
  if (locales.length > PURPOSE_LIMITS.locales) return 'is written in too many languages';
  const strange = locales.find((locale) => !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale));
  if (strange) return 'has a text under something that is no language';
  for (const [locale, text] of Object.entries(texts)) {
    if (!text.title || !text.description) return `lacks a title or description in ${locale}`;
    for (const part of ['title', 'description', 'recipients'] as const)
      if ((text[part]?.length ?? 0) > PURPOSE_LIMITS[part]) return `has too long a ${part} in ${locale}`;
  }
  if (dpvPurpose && !(DPV_PURPOSES as readonly string[]).includes(dpvPurpose))
    return `names ${dpvPurpose}, which is no purpose of the vocabulary that we know`;
  if (legalBasis && !(CONSENT_BASES as readonly string[]).includes(legalBasis))
    return `has the legal basis ${legalBasis}; data is released by consent only: ${CONSENT_BASES.join(' or ')}`;
  return undefined;
}
