import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A relying party. Its id is also its OAuth `client_id` and its sector for pairwise purposes. */
export interface Site {
  readonly tenantId: string;
  readonly siteId: string;
  readonly name: string;
  /** Scheme and host that people know the site by, such as `https://shop.example`. */
  readonly origin: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Where a login may be started for the person from outside (OpenID Connect Core §4). */
  readonly initiateLoginUri: string | undefined;
  readonly secretSha256: Buffer;
  /** `false` only when the operator exempted the site. */
  readonly pkceRequired: boolean;
  readonly idTokenAlg: 'ES256' | 'RS256';
  /** Attributes that the site may ask for, and {@link SEALED_SCOPE} when it may have them sealed. */
  readonly attributeScopes: readonly string[];
  /** Origins of previews, each with one `*`; see `checkPreviewPatterns`. Empty in a tenant that is live. */
  readonly previewPatterns: readonly string[];
  readonly status: 'enabled' | 'disabled';
}

/** Registered for a site that may receive sealed attributes; never asked for in a request. */
export const SEALED_SCOPE = 'sealed';

/** 256 random bits; shown once, stored as SHA-256. */
export function newSiteSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A secret of 256 random bits needs no slow hash: it cannot be guessed. */
export function hashSiteSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

export function siteSecretMatches(secretSha256: Buffer, presented: string): boolean {
  return timingSafeEqual(secretSha256, hashSiteSecret(presented));
}
