import type { KeySource } from '../passport/key-set.ts';
import type { SessionStore } from '../session/session-store.ts';

/** Addresses on the site that the SDK owns; each a path such as `/userref/login`. */
export interface UserrefPaths {
  /** Default `/userref/login`. */
  readonly login: string;
  /** Default `/userref/callback`; register `baseUrl` + this path as redirect URI. */
  readonly callback: string;
  /** Default `/userref/logout`. */
  readonly logout: string;
  /** Default `/userref/webhook`; register `baseUrl` + this path as webhook endpoint. */
  readonly webhook: string;
  /** Default `/userref/backchannel-logout`; only where the operator registered it. */
  readonly backchannelLogout: string;
}

/** Settings of a site. All are checked at once, and a name that is none of them is an error. */
export interface UserrefOptions {
  /** The hosted core, exactly as its discovery document says, such as `https://id.example.eu`. */
  readonly issuer: string;
  /** The id that the operator gave to this site (the OAuth `client_id`). */
  readonly site: string;
  /** The secret that came with it. */
  readonly siteSecret: string;
  /** The origin that browsers use for this site, such as `https://shop.example`. Never taken from a request. */
  readonly baseUrl: string;
  /**
   * The origin of this deployment when it is a preview, such as `https://pr-123--shop.netlify.app`, as the host that deploys
   * it says in the environment. In place of `baseUrl`, for everything; cookies of one preview are of no use to another.
   * The core must be in test mode and know the pattern, else logins are `preview_refused`. Previews get no webhooks, and
   * signing out ends on a page of the core. Never taken from a request. Default: none.
   */
  readonly previewOrigin?: string | undefined;
  /** At least 32 characters. With several, the first seals cookies and all open them: put a new one in front. */
  readonly sessionSecret: string | readonly string[];
  /** `whsec_…`. With several, any may sign: keep the old one until the rotation is over. Needed for webhooks. */
  readonly webhookSecret?: string | readonly string[] | undefined;
  /** `whpk_…`, to verify `v1a` signatures: in place of the secret, or beside it. With several, any may sign. */
  readonly webhookPublicKey?: string | readonly string[] | undefined;
  readonly paths?: Partial<UserrefPaths> | undefined;
  /** Path to come back to after signing out. Register `baseUrl` + this path. Default `/`. */
  readonly afterLogout?: string | undefined;
  /** Default: in memory, which is right for one process only. */
  readonly revocations?: SessionStore | undefined;
  /**
   * The issuer's keys, as a JWK set that you keep: none is ever asked for, so passports are verified with the network
   * off. Renew it before the issuer rotates its keys. Default: the keys that the issuer publishes.
   */
  readonly pinnedKeys?: { readonly keys: readonly object[] } | undefined;
  /** How long a session lasts, in seconds, 60 to 604800. Default 28800 (8 hours). */
  readonly sessionTtlSeconds?: number | undefined;
  /** How far clocks may differ, in seconds, 0 to 60. Default 15. */
  readonly clockToleranceSeconds?: number | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Default: the system clock. */
  readonly clock?: (() => Date) | undefined;
}

/** Options after validation, with every default filled in. */
export interface ResolvedOptions {
  readonly issuer: string;
  readonly site: string;
  readonly siteSecret: string;
  /** An origin: no path, no trailing slash. Of the preview, when this is one. */
  readonly baseUrl: string;
  readonly isPreview: boolean;
  readonly sessionSecrets: readonly string[];
  readonly webhookKeys: readonly Uint8Array<ArrayBuffer>[];
  readonly webhookPublicKeys: readonly Uint8Array<ArrayBuffer>[];
  readonly paths: UserrefPaths;
  readonly afterLogout: string;
  readonly revocations: SessionStore;
  /** `null`: those that the issuer publishes. */
  readonly pinnedKeys: KeySource | null;
  readonly sessionTtlSeconds: number;
  readonly clockToleranceSeconds: number;
  readonly fetch: typeof globalThis.fetch | undefined;
  /** Unix seconds. */
  readonly now: () => number;
}
