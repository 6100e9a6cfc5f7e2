import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

/** Seals small texts for a cookie and opens them again: confidential, authenticated, bound to `context`. */
export interface Sealer {
  seal(text: string, context: string): Promise<string>;
  /** The text, or `null` for anything that this sealer did not seal for `context`. */
  open(sealed: string, context: string): Promise<string | null>;
}

type SealKey = { readonly kid: string; readonly key: Awaited<ReturnType<typeof deriveKey>> };

const VERSION = '1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^1\.([A-Za-z0-9_-]{6})\.([A-Za-z0-9_-]{38,})$/;
const utf8 = new TextEncoder();

/**
 * AES-256-GCM with keys from HKDF-SHA-256 (RFC 5869). Form: `1.<kid>.<base64url of iv, ciphertext, tag>`;
 * version, kid and context are associated data. The first secret seals, every secret opens.
 * `label` parts the keys of one use from those of another.
 */
export function createSealer(secrets: readonly string[], label: readonly string[]): Sealer {
  let keys: Promise<SealKey[]> | undefined;
  const allKeys = () => {
    keys ??= Promise.all(secrets.map((secret) => sealKey(secret, label)));
    return keys;
  };
  return {
    async seal(text, context) {
      const [first] = await allKeys();
      if (first === undefined) throw new TypeError('a sealer needs a secret');
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: associatedData(first.kid, context) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, first.key, utf8.encode(text)));
      const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
      bytes.set(iv);
      bytes.set(sealed, IV_BYTES);
      return `${VERSION}.${first.kid}.${encodeBase64url(bytes)}`;
    },
    async open(sealed, context) {
      const [, kid, body] = FORM.exec(sealed) ?? [];
      const bytes = body === undefined ? null : decodeBase64url(body);
      if (kid === undefined || bytes === null || bytes.byteLength < IV_BYTES + TAG_BYTES) return null;
      for (const candidate of await allKeys()) {
        if (candidate.kid !== kid) continue;
        const text = await openWith(candidate, bytes, context);
        if (text !== null) return text;
      }
      return null;
    },
  };
}

async function openWith(
  { kid, key }: SealKey,
  bytes: Uint8Array<ArrayBuffer>,
  context: string,
): Promise<string | null> {
  const iv = bytes.subarray(0, IV_BYTES);
  const algorithm = { name: 'AES-GCM', iv, additionalData: associatedData(kid, context) };
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(IV_BYTES)));
  } catch {
    return null;
  }
}

async function sealKey(secret: string, label: readonly string[]): Promise<SealKey> {
  const material = await importMaterial(secret);
  const name = await crypto.subtle.deriveBits(hkdf(['key id', ...label]), material, 32);
  return { kid: encodeBase64url(new Uint8Array(name)), key: await deriveKey(material, label) };
}

function importMaterial(secret: string) {
  return crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, ['deriveKey', 'deriveBits']);
}

function deriveKey(material: Awaited<ReturnType<typeof importMaterial>>, label: readonly string[]) {
  const target = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf(['seal', ...label]), material, target, false, ['encrypt', 'decrypt']);
}

function hkdf(info: readonly string[]) {
  // A JSON list keeps its parts apart: ["a","bc"] and ["ab","c"] give different keys.
  return {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: utf8.encode('userref cookie v1'),
    info: utf8.encode(JSON.stringify(info)),
  };
}

function associatedData(kid: string, context: string): Uint8Array<ArrayBuffer> {
  return utf8.encode(JSON.stringify([VERSION, kid, context]));
}
