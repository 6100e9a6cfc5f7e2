export type StrictJson =
  | { readonly result: 'object'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly result: 'malformed' | 'duplicate_member' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A JSON object from bytes. Invalid UTF-8, a byte order mark and a member that occurs twice are refused. */
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
  return hasDuplicateMember(text) ? { result: 'duplicate_member' } : { result: 'object', value };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `text` is valid JSON. `JSON.parse` keeps the last of two equal members without a word; others keep the first. */
function hasDuplicateMember(text: string): boolean {
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
        if (members.has(name)) return true;
        members.add(name);
      }
      index = end - 1;
    }
  }
  return false;
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
