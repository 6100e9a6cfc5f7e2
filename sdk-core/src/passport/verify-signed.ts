import { type CryptoKey, compactVerify } from 'jose';
import { type Compact, decodePart, parsePart, splitCompact } from './compact-form.ts';
import { checkHeader, type PassportAlgorithm, type PassportHeader } from './header-checks.ts';
import type { KeySource } from './key-set.ts';
import { refusePassport } from './refusal.ts';

export interface SignedOptions extends Compact {
  /** The one `typ` that is accepted, so that no kind of token passes for another (RFC 8725 §3.11). */
  readonly typ: string;
  readonly keys: KeySource;
}

export interface Signed {
  readonly alg: PassportAlgorithm;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Canonical compact form, header, key, signature, payload, in this order. It never fetches anything that a
 * token names. Throws codes of passports, whatever `typ` is.
 */
export async function verifySigned(jwt: string, { typ, keys, maxLength }: SignedOptions): Promise<Signed> {
  const parts = splitCompact(jwt, { maxLength });
  const { alg, kid } = headerOf(parts.header, typ);
  const published = await keys.find(kid);
  if (published === null) throw refusePassport('passport_key_unknown');
  const payload = await verifiedPayload(jwt, await published.verificationKey(alg), alg);
  return { alg, claims: parsePart(payload) };
}

let latest: { readonly part: string; readonly typ: string; readonly header: PassportHeader } | undefined;

/** All tokens of one key begin with the same characters, so what the latest were found to say is kept. */
function headerOf(part: string, typ: string): PassportHeader {
  if (latest?.part !== part || latest.typ !== typ) {
    latest = { part, typ, header: checkHeader(decodePart(part), typ) };
  }
  return latest.header;
}

async function verifiedPayload(jwt: string, key: CryptoKey, alg: PassportAlgorithm): Promise<Uint8Array> {
  try {
    return (await compactVerify(jwt, key, { algorithms: [alg] })).payload;
  } catch {
    throw refusePassport('passport_signature_invalid');
  }
}
