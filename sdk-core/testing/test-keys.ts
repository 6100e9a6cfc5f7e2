import { encodeBase64url } from '../src/encoding/base64url.ts';

/** `es256` is published; `es256Stranger` never is; `nothing` leaves the signature out. */
export type TestSigner = 'es256' | 'es256Stranger' | 'nothing';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const utf8 = new TextEncoder();

/** Keys made anew in every process, so that nothing signed here means anything anywhere else. */
export class TestKeys {
  readonly #pairs = { es256: newPair(), es256Stranger: newPair() };

  /** The JWK set as the core publishes it. */
  async jwks(): Promise<{ keys: object[] }> {
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', (await this.#pairs.es256).publicKey);
    return { keys: [{ kty, crv, x, y, kid: 'es256', use: 'sig', alg: 'ES256' }] };
  }

  /** A JWS in compact form. */
  async sign(header: object, claims: object, signer: TestSigner = 'es256'): Promise<string> {
    const input = [header, claims]
      .map((part) => encodeBase64url(utf8.encode(JSON.stringify(part))))
      .join('.');
    if (signer === 'nothing') return `${input}.`;
    const { privateKey } = await this.#pairs[signer];
    const signature = await crypto.subtle.sign(ALGORITHM, privateKey, utf8.encode(input));
    return `${input}.${encodeBase64url(new Uint8Array(signature))}`;
  }
}

function newPair() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
