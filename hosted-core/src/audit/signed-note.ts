import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** DER of an Ed25519 key (RFC 8410) up to the key itself. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = 0x01;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** Somebody who signs notes (C2SP signed-note, Ed25519). */
export interface NoteSigner {
  readonly name: string;
  readonly key: KeyObject;
  /** `{name}+{key id}+{key}`: all that a verifier needs. */
  readonly publicKey: string;
}

/** @param seed 32 bytes, the private key of RFC 8032 */
export function noteSigner(name: string, seed: Buffer): NoteSigner {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = keyId(name, raw).toString('hex');
  const encoded = Buffer.concat([Buffer.of(ED25519), raw]).toString('base64');
  return { name, key, publicKey: `${name}+${id}+${encoded}` };
}

/** The text with a signature line by each signer. The text ends with a line break. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const lines = signers.map((signer) => {
    const id = Buffer.from(partsOf(signer.publicKey).id, 'hex');
    const signature = sign(null, Buffer.from(text, 'utf8'), signer.key);
    return `— ${signer.name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * The text of a note, if one of these keys signed it; signatures by others are passed over.
 * @returns `undefined` when none did, or when a signature in the name of one of the keys is false
 */
export function openNote(note: string, publicKeys: readonly string[]): string | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  let signatures = 0;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    // One signature, one text: bytes that base64 would ignore make a second one.
    if (name === '' || bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
    const known = publicKeys
      .map(partsOf)
      .find((key) => key.name === name && key.id === bytes.subarray(0, 4).toString('hex'));
    if (!known) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), known.key, bytes.subarray(4))) return undefined;
    signatures += 1;
  }
  return signatures > 0 ? text : undefined;
}

function partsOf(publicKey: string): { name: string; id: string; key: KeyObject } {
  const [, name = '', id = '', encoded = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(publicKey) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519 || keyId(name, bytes.subarray(1)).toString('hex') !== id)
    throw new TypeError('not a public key of a note: {name}+{key id}+{key}');
  const key = createPublicKey({
    key: Buffer.concat([PUBLIC_PREFIX, bytes.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  return { name, id, key };
}

/** C2SP signed-note: first four bytes of SHA-256(name, line break, algorithm, key). */
function keyId(name: string, raw: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(ED25519), raw]);
  return hash('sha256', input, 'buffer').subarray(0, 4);
}
