/**
 * The form in which the leak scanner compares texts: letters and digits alone, without case and accents. The same
 * rules as in the scanner (`userref scan`); docs/contract/vectors/fingerprints holds both to them.
 */

const KEPT = /[\p{L}\p{N}]/gu;
/** First digits of the Arabic, the extended Arabic and the Devanagari script. */
const ZEROS = [0x660, 0x6f0, 0x966];

export function foldValue(text: string): string {
  return Array.from(text, foldLetter).join('');
}

function foldLetter(letter: string): string {
  const codePoint = letter.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => codePoint >= first && codePoint < first + 10);
  if (zero !== undefined) return String(codePoint - zero);
  const plain = letter.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  return (plain.match(KEPT) ?? []).join('');
}
