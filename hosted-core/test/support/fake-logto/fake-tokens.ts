import { exportJWK, SignJWT } from 'jose';
import { type FakeGrant, type FakeState, newToken } from './fake-state.ts';

const HOUR = 3600;

/** The tokens of the fake, and what they say of a user. */
export class FakeTokens {
  readonly #state: FakeState;
  readonly issuer: string;

  constructor(state: FakeState, issuer: string) {
    this.#state = state;
    this.issuer = issuer;
  }

  async idToken(grant: FakeGrant): Promise<string> {
    const { session, clientId, userId } = grant;
    const sid = session.sids.get(clientId) ?? newToken();
    session.sids.set(clientId, sid);
    const client = this.#state.applications.get(clientId)?.oidcClientMetadata;
    const token = await this.sign(
      {
        ...this.claims(userId, grant.scope, [
          'custom_data',
          'identities',
          'sso_identities',
          'organization_data',
        ]),
        nonce: grant.nonce,
        ...(grant.askedMaxAge && { auth_time: session.authTime }),
        ...(client?.backchannelLogoutSessionRequired && { sid }),
        aud: clientId,
      },
      { seconds: HOUR },
    );
    this.#state.idTokens.push(token);
    return token;
  }

  /** Signs as Logto does: `alg` and `kid` in the header, `typ` for logout tokens only. */
  async sign(payload: Record<string, unknown>, wish: { seconds: number; typ?: string }): Promise<string> {
    const [key] = this.#state.keys;
    if (!key) throw new Error('no key');
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES384', ...(wish.typ && { typ: wish.typ }), kid: key.kid })
      .setIssuedAt(seconds(this.#state))
      .setExpirationTime(seconds(this.#state) + wish.seconds)
      .setIssuer(this.issuer)
      .sign(key.privateKey);
  }

  claims(userId: string, scope: string, without: readonly string[]): Record<string, unknown> {
    const user = this.#state.users.get(userId);
    if (!user) throw new Error('no such user');
    const { profile } = user;
    const granted = new Set(scope.split(' '));
    const all: Record<string, unknown> = { sub: user.id };
    if (granted.has('profile')) {
      Object.assign(all, {
        ...{ name: user.name, family_name: profile.familyName, given_name: profile.givenName },
        ...{ nickname: profile.nickname, preferred_username: user.username, picture: null },
        ...{ birthdate: profile.birthdate, locale: profile.locale, zoneinfo: profile.zoneinfo },
        ...{ updated_at: user.updatedAt, username: user.username, created_at: user.createdAt },
      });
    }
    // `email_verified` only says that there is an address.
    if (granted.has('email') && user.primaryEmail)
      Object.assign(all, { email: user.primaryEmail, email_verified: true });
    if (granted.has('phone') && user.primaryPhone)
      Object.assign(all, { phone_number: user.primaryPhone, phone_number_verified: true });
    if (granted.has('address')) all.address = oidcAddress(profile.address);
    if (granted.has('custom_data')) all.custom_data = user.customData;
    for (const name of without) delete all[name];
    return JSON.parse(JSON.stringify(all)) as Record<string, unknown>;
  }

  logoutToken(claims: Record<string, unknown>): Promise<string> {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    return this.sign({ events, jti: newToken(), ...claims }, { seconds: 120, typ: 'logout+jwt' });
  }
}

export function seconds(state: FakeState): number {
  return Math.floor(state.now() / 1000);
}

export async function publicJwk({ kid, publicKey }: FakeState['keys'][number]) {
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { kty, use: 'sig', kid, alg: 'ES384', crv, x, y };
}

function oidcAddress(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { streetAddress, postalCode, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    ...(streetAddress !== undefined && { street_address: streetAddress }),
    ...(postalCode !== undefined && { postal_code: postalCode }),
  };
}
