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
  if (SURROGATE_ESCAPE.test(text) && hasLoneSurrogate(value)) return { result: 'malformed' };
  const fault = faultOf(text);
  return fault === null ? { result: 'object', value } : { result: fault };
}

/** `JSON.stringify` escapes surrogates without a partner, and no others. */
function hasLoneSurrogate(value: unknown): boolean {
  return LONE_SURROGATE.test(JSON.stringify(value).replaceAll('\\\\', ''));
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `text` is valid JSON. `JSON.parse` keeps the last of two equal members without a word; others keep the first. */
function faultOf(text: string): 'malformed' | 'duplicate_member' | null {
  const open: (Set<string> | null)[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, index);
      const members = open.at(-1);
      if (members && isMemberName(text, end)) {
        const name = JSON.parse(text.slice(index, end)) as string;
        if (members.has(name)) return 'duplicate_member';
        members.add(name);
      }
      index = end - 1;
    }
    if (open.length > MAX_DEPTH) return 'malformed';
  }
  return null;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index + 1;
}

function isMemberName(text: string, end: number): boolean {
  let index = end;
  while (' \t\n\r'.includes(text[index] ?? '.')) index += 1;
  return text[index] === ':';
}
