/** Most characters kept of an answer. */
export const EXCERPT_CHARACTERS = 512;

const REDACTED = '[redacted]';

/**
 * What an answer may hold that does not belong into our database: addresses, keys and tokens, long numbers
 * (phones, cards, accounts). Rather too much than too little: the excerpt is for finding out what broke.
 */
const SECRETS = [
  /[^\s"'<>(){}[\]:,;=]+@[^\s"'<>(){}[\]:,;]+/g,
  /\b(?:Bearer|Basic)\s+\S+/gi,
  /\bhttps?:\/\/\S+/gi,
  /[A-Za-z0-9_~+/.-]{24,}={0,2}/g,
  /\+?\d(?:[\s().-]?\d){6,}/g,
];

/** The beginning of an answer without control characters and without anything that looks private. */
export function excerptOf(body: Uint8Array): string | null {
  const text = new TextDecoder()
    .decode(body)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  if (text === '') return null;
  const redacted = SECRETS.reduce((rest, secret) => rest.replace(secret, REDACTED), text);
  return redacted.slice(0, EXCERPT_CHARACTERS);
}
