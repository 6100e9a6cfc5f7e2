import { refusePassport } from './refusal.ts';

export interface PassportHeader {
  readonly alg: PassportAlgorithm;
  readonly kid: string;
}

/** Asymmetric only: no `none`, no HMAC that a public key could serve as the secret of. */
export const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const;
export type PassportAlgorithm = (typeof ALGORITHMS)[number];

const KID = /^[A-Za-z0-9._~-]{1,128}$/;

/** Members that bring their own key, or change how the token is read (RFC 7515 §4.1, RFC 7516, RFC 7797). */
const FOREIGN = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'b64', 'zip', 'cty', 'enc'];

/** Checks in the order of the contract: `alg`, `typ`, `crit`, foreign members, `kid`. */
export function checkHeader(header: Readonly<Record<string, unknown>>, typ = 'JWT'): PassportHeader {
  const alg = ALGORITHMS.find((allowed) => allowed === header.alg);
  if (alg === undefined) throw refusePassport('passport_alg_not_allowed');
  if (header.typ !== typ) throw refusePassport('passport_typ_invalid');
  if (Object.hasOwn(header, 'crit')) throw refusePassport('passport_crit_unsupported');
  if (FOREIGN.some((member) => Object.hasOwn(header, member))) throw refusePassport('passport_malformed');
  const { kid } = header;
  if (typeof kid !== 'string' || !KID.test(kid)) throw refusePassport('passport_key_unknown');
  return { alg, kid };
}
