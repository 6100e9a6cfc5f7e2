export type StrictJson =
  | { readonly result: 'object'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly result: 'malformed' | 'duplicate_member' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parsers of other languages stop at 512 levels or less; nothing of ours has more than six. */
const MAX_DEPTH = 64;
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
const LONE_SURROGATE = /\\ud[89a-f]/;

/**
 * A JSON object from bytes, as every language reads it (RFC 7493). Refused: invalid UTF-8, a byte order mark,
 * half a surrogate pair, more than 64 levels, and a member that occurs twice.
 */
export function parseStrictObject(bytes: Uint8Array): StrictJson {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return { result: 'malformed' };
  }
  if (!isObject(value)) return { result: 'malformed' };
  const { depth, members } = shapeOf(text);
  // First of all: what follows goes down level by level.
  if (depth > MAX_DEPTH) return { result: 'malformed' };
  if (SURROGATE_ESCAPE.test(text) && hasLoneSurrogate(value)) return { result: 'malformed' };
  // `JSON.parse` keeps the last of two equal members without a word; others keep the first.
  return members === membersOf(value) ? { result: 'object', value } : { result: 'duplicate_member' };
}

/** `JSON.stringify` escapes surrogates without a partner, and no others. */
function hasLoneSurrogate(value: unknown): boolean {
  return LONE_SURROGATE.test(JSON.stringify(value).replaceAll('\\\\', ''));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep valid JSON goes, and how many members it was written with. */
function shapeOf(text: string): { readonly depth: number; readonly members: number } {
  let depth = 0;
  let open = 0;
  let members = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') index = endOfString(text, index);
    else if (character === ':') members += 1;
    else if (character === '{' || character === '[') depth = Math.max(depth, ++open);
    else if (character === '}' || character === ']') open -= 1;
  }
  return { depth, members };
}

/** Where the closing quotation mark is: the next one after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  let end = start;
  let backslashes: number;
  do {
    end = text.indexOf('"', end + 1);
    backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
  } while (backslashes % 2 === 1);
  return end;
}

/** How many members there are after equal ones became one. */
function membersOf(value: object): number {
  const held = Object.values(value);
  let count = Array.isArray(value) ? 0 : held.length;
  for (const one of held) if (typeof one === 'object' && one !== null) count += membersOf(one);
  return count;
}
