import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningAlg } from '../oidc/signing-key-repository.ts';
import type { SigningKeys } from '../oidc/signing-keys.ts';

/** How long a logout token may be used, in seconds (OpenID Connect Back-Channel Logout 1.0 §2.4: at most 2 min). */
const LIFE_SECONDS = 120;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Events that end sessions; logout tokens can say these and nothing else. */
export const LOGOUT_EVENTS: readonly string[] = ['session.revoked', 'access.revoked', 'subject.erased'];

export interface LogoutTokenContent {
  readonly siteId: string;
  readonly alg: SigningAlg;
  readonly userRef: string;
  /** Left out when all sessions of the user end. */
  readonly sid?: string | undefined;
}

/** Makes logout tokens. Each is for one attempt: a new `jti`, two minutes to live. */
export class LogoutTokens {
  readonly #issuer: string;
  readonly #signingKeys: SigningKeys;

  constructor(options: { issuer: string; signingKeys: SigningKeys }) {
    this.#issuer = options.issuer;
    this.#signingKeys = options.signingKeys;
  }

  async sign({ siteId, alg, userRef, sid }: LogoutTokenContent, now: Date): Promise<string> {
    const { kid, key } = (await this.#signingKeys.current()).active(alg);
    const issuedAt = Math.floor(now.getTime() / 1_000);
    const claims = {
      iss: this.#issuer,
      aud: siteId,
      sub: userRef,
      ...(sid && { sid }),
      iat: issuedAt,
      exp: issuedAt + LIFE_SECONDS,
      jti: randomBytes(16).toString('base64url'),
      events: { [EVENT]: {} },
    };
    return new SignJWT(claims).setProtectedHeader({ alg, typ: 'logout+jwt', kid }).sign(key);
  }
}
