/** A value that JSON can hold. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

/**
 * The one text of a JSON value (RFC 8785): members sorted by UTF-16 code units, no white space, numbers and
 * strings as ECMAScript writes them. Members that are `undefined` do not exist.
 * @throws TypeError for what I-JSON cannot hold: a number that is not finite, a lone surrogate
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return `{${membersOf(value).join(',')}}`;
  throw new TypeError(`a ${typeof value} has no place in JSON`);
}

function membersOf(object: { readonly [name: string]: JsonValue | undefined }): string[] {
  const members: string[] = [];
  for (const name of Object.keys(object).sort()) {
    const value = object[name];
    if (value !== undefined) members.push(`${stringText(name)}:${canonicalJson(value)}`);
  }
  return members;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('JSON has no number that is not finite');
  return JSON.stringify(value);
}

function stringText(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('JSON text cannot hold a lone surrogate');
  return JSON.stringify(value);
}

function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}
