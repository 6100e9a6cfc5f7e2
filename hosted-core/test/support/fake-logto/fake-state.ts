import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A user as the Management API shows one (recorded: «get user»). */
export interface FakeUser {
  readonly id: string;
  username: string | null;
  primaryEmail: string | null;
  primaryPhone: string | null;
  name: string | null;
  readonly avatar: null;
  customData: Record<string, unknown>;
  readonly identities: Record<string, never>;
  lastSignInAt: number | null;
  readonly createdAt: number;
  updatedAt: number;
  profile: Record<string, unknown>;
  readonly applicationId: null;
  readonly cimdClientId: null;
  isSuspended: boolean;
  readonly hasPassword: true;
}

export interface FakeApplication {
  readonly tenantId: 'default';
  readonly id: string;
  name: string;
  description: string | null;
  readonly type: string;
  oidcClientMetadata: {
    redirectUris: string[];
    postLogoutRedirectUris: string[];
    backchannelLogoutUri?: string;
    backchannelLogoutSessionRequired?: boolean;
  };
  customClientMetadata: Record<string, unknown>;
  readonly protectedAppMetadata: null;
  readonly customData: Record<string, never>;
  readonly isThirdParty: boolean;
  readonly appLevelAccessControlEnabled: false;
  readonly createdAt: number;
}

export interface FakeHook {
  readonly tenantId: 'default';
  readonly id: string;
  name: string;
  readonly event: null;
  events: string[];
  config: { url: string; headers?: Record<string, string> };
  signingKey: string;
  enabled: boolean;
  readonly createdAt: number;
}

/** An entry of the log of a hook (recorded: «recent logs of the hook that 500»). */
export interface FakeDelivery {
  readonly id: string;
  readonly key: string;
  readonly payload: {
    readonly key: string;
    readonly result: 'Success' | 'Error';
    readonly hookId: string;
    readonly hookRequest: { readonly body: unknown };
  };
  readonly createdAt: number;
}

export interface FakeSession {
  readonly uid: string;
  readonly cookie: string;
  readonly userId: string;
  readonly authTime: number;
  /** By application: the `sid` of its ID tokens. */
  readonly sids: Map<string, string>;
}

export interface FakeGrant {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly session: FakeSession;
  readonly askedMaxAge: boolean;
}

export interface FakeKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Everything that this Logto remembers. Tests reach in where an administrator would. */
export class FakeState {
  readonly users = new Map<string, FakeUser>();
  readonly applications = new Map<string, FakeApplication>();
  readonly secrets = new Map<string, { name: string; value: string; createdAt: number }[]>();
  readonly managers = new Set<string>();
  readonly hooks = new Map<string, FakeHook>();
  /** The newest first. */
  readonly deliveries: FakeDelivery[] = [];
  readonly sessions = new Map<string, FakeSession>();
  readonly interactions = new Map<
    string,
    { query: URLSearchParams; userId?: string; verification?: string }
  >();
  readonly codes = new Map<
    string,
    { grant: FakeGrant; challenge: string; redirectUri: string; used: boolean }
  >();
  readonly grants = new Map<string, FakeGrant>();
  readonly accessTokens = new Map<string, string>();
  readonly refreshTokens = new Map<string, string>();
  /** Every ID token so far. */
  readonly idTokens: string[] = [];
  readonly managementTokens = new Map<string, { scope: string; expiresAt: number }>();
  readonly keys: FakeKey[] = [newKey()];
  /** Seconds by which this server's clock is ahead. */
  clockAheadSeconds = 0;

  now(): number {
    return Date.now() + this.clockAheadSeconds * 1000;
  }

  addUser(username: string, values: Partial<Omit<FakeUser, 'id' | 'username'>> = {}): FakeUser {
    const createdAt = this.now();
    const user: FakeUser = {
      id: newId(12),
      username,
      ...{ primaryEmail: null, primaryPhone: null, name: null, avatar: null, customData: {}, identities: {} },
      ...{ lastSignInAt: null, createdAt, updatedAt: createdAt, profile: {}, applicationId: null },
      ...{ cimdClientId: null, isSuspended: false, hasPassword: true },
      ...values,
    };
    this.users.set(user.id, user);
    return user;
  }

  /** Sessions, grants and tokens of a user, as suspension and deletion do. */
  endEverythingOf(userId: string): void {
    for (const [id, session] of this.sessions) if (session.userId === userId) this.sessions.delete(id);
    for (const grant of [...this.grants.values()]) if (grant.userId === userId) this.endGrant(grant.id);
  }

  endGrant(grantId: string): void {
    this.grants.delete(grantId);
    for (const tokens of [this.accessTokens, this.refreshTokens])
      for (const [token, id] of tokens) if (id === grantId) tokens.delete(token);
  }

  /** Published beside the old one, and used for signing from now on. */
  rotateSigningKey(): void {
    this.keys.unshift(newKey());
  }
}

export function newId(length: number): string {
  return Array.from(randomBytes(length), (byte) => (byte % 36).toString(36)).join('');
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function newKey(): FakeKey {
  return { kid: newToken(), ...generateKeyPairSync('ec', { namedCurve: 'P-384' }) };
}
