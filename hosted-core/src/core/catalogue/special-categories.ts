/**
 * Words of GDPR Article 9 (1) in names, classes and labels of attributes. They catch what was not marked by
 * mistake; whoever wants to hide a special category can, and answers for it.
 */
const WORDS =
  /(^|[^a-z])(health|medical|disease|diagnos\w*|disabilit\w*|genetic\w*|dna|biometric\w*|fingerprint\w*|face_?print|race|racial|ethnic\w*|religio\w*|faith|belief\w*|philosoph\w*|political\w*|trade_?union|union_member\w*|sexual\w*|sex_life|orientation|gender_identity)([^a-z]|$)/i;

/** Whether the words of a definition name a special category of personal data. */
export function namesSpecialCategory(words: readonly string[]): boolean {
  return words.some((word) => WORDS.test(word.replaceAll('_', ' ')) || WORDS.test(word));
}
