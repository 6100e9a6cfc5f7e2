/**
 * Values are compared in a folded form: letters and digits alone, without case and accents, everything between
 * them left out. So «Ann-Marie O'Néill», «ANN MARIE ONEILL» and «annmarieoneill» are one. The cell folds the
 * same way (docs/contract/vectors/fingerprints.json).
 */

/** First digits of the scripts whose digits people type. */
const ZEROS = [0x660, 0x6f0, 0x966];
const KEPT = /[\p{L}\p{N}]/u;

/** What a code point becomes: usually one code unit, or nothing, or several. */
export function foldCodePoint(codePoint: number): string {
  const zero = ZEROS.find((first) => codePoint >= first && codePoint < first + 10);
  if (zero !== undefined) return String(codePoint - zero);
  // Upper case first: it makes one of ß and ss, of ı and i, of the two sigmas.
  const plain = String.fromCodePoint(codePoint).normalize('NFKD').toUpperCase().toLowerCase();
  return [...plain.normalize('NFKD')].filter((letter) => KEPT.test(letter)).join('');
}

/** A whole text in folded form. */
export function fold(text: string): string {
  let folded = '';
  for (const letter of text) folded += foldCodePoint(letter.codePointAt(0) ?? 0);
  return folded;
}
