import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

/** DER of an Ed25519 public key (RFC 8410) up to the key itself. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = 0x01;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
const PUBLIC_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/** A key that may sign notes (C2SP signed-note). */
export interface NoteKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * @param text `{name}+{key id}+{key}`
 * @throws TypeError when it is none
 */
export function parseNoteKey(text: string): NoteKey {
  const [, name = '', id = '', encoded = ''] = PUBLIC_KEY.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const input = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), bytes]);
  if (bytes.length !== 33 || bytes[0] !== ED25519 || hash('sha256', input).slice(0, 8) !== id)
    throw new TypeError(`not a public key of an audit log: ${text.slice(0, 60)}`);
  const der = Buffer.concat([PUBLIC_PREFIX, bytes.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** A note whose signatures have been looked at. */
export interface OpenedNote {
  readonly text: string;
  /** Those of the keys that signed it; never empty. */
  readonly signedBy: readonly NoteKey[];
}

/**
 * The text of a note, if one of these keys signed it; signatures by others are passed over.
 * @returns `undefined` when none did, or when a signature in the name of one of them is false
 */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const signedBy: NoteKey[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (name === '' || bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
    const id = bytes.subarray(0, 4).toString('hex');
    const key = keys.find((one) => one.name === name && one.id === id);
    if (!key) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key.key, bytes.subarray(4))) return undefined;
    signedBy.push(key);
  }
  return signedBy.length > 0 ? { text, signedBy } : undefined;
}
