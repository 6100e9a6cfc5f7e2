import type { PiiAccess } from './catalogue.ts';
import type { ErasureQuery, ErasureReceipt, ErasureRequest } from './erasure.ts';
import type { ConsentCount, ConsentRevocation } from './revocation.ts';

/**
 * The wall, seen from the core: everything that the protocol half may ask of a region's cell.
 * Values of personal data never pass here; only subjects, decisions and names of attributes do.
 */
export interface RegionCell {
  /** The cell's address, which is also its RFC 8707 resource indicator. */
  readonly resource: string;
  /** Names the region that people of this cell live in, such as `eu-1`. */
  readonly region: string;

  /** Hands an interaction over. The browser is sent to the returned address. */
  startInteraction(request: InteractionRequest): Promise<{ url: string }>;

  /**
   * Redeems the outcome of an interaction, once.
   * @throws UserrefError `interaction_not_found` when the code is unknown or already used
   */
  readOutcome(query: OutcomeQuery): Promise<InteractionOutcome>;

  /** Attributes neither granted for this purpose (alive) nor denied within the last 30 days. */
  undecidedAttributes(query: UndecidedQuery): Promise<string[]>;

  /** Attributes that the site may read now, for one purpose or for whatever purpose; sorted, each once. */
  liveConsents(query: SiteSubject & { readonly purposeId?: string }): Promise<string[]>;

  /**
   * Ends consents for the site or the operator. No read by them can succeed when it resolves; may be repeated.
   * @throws UserrefError `not_found` when a single consent was named and is not alive
   */
  revokeConsents(revocation: ConsentRevocation): Promise<ConsentCount>;

  /** How many consents {@link revokeConsents} would end. */
  countConsents(revocation: ConsentRevocation): Promise<ConsentCount>;

  /**
   * Erases a person. All of the cell's data is gone when this resolves; the core follows by itself. Asking
   * again, with this or another request id, gives the first receipt.
   * @throws UserrefError `not_found` for a person who is unknown, `conflict` when the request id was used for
   *   somebody else
   */
  erase(request: ErasureRequest): Promise<ErasureReceipt>;

  /** @throws UserrefError `not_found` */
  erasureReceipt(query: ErasureQuery): Promise<ErasureReceipt>;
}

export interface SiteSubject {
  readonly tenantId: string;
  readonly siteId: string;
  readonly subjectId: string;
}

export interface SiteCard {
  readonly siteId: string;
  readonly name: string;
  /** Scheme and host that the person knows the site by. */
  readonly origin: string;
}

export interface PurposeText {
  readonly purposeId: string;
  readonly version: number;
  readonly maxDurationDays: number;
  /** By BCP 47 language; `en` is always there. */
  readonly texts: Readonly<Record<string, { title: string; description: string; recipients?: string }>>;
  /** Term of the Data Privacy Vocabulary, such as `dpv:DeliveryOfGoods`. */
  readonly dpvPurpose?: string;
  /** Term of the Data Privacy Vocabulary, such as `eu-gdpr:A6-1-a`. */
  readonly legalBasis?: string;
}

/** What a person is asked to decide on. */
export interface ConsentAsk {
  readonly attributes: readonly string[];
  readonly purpose: PurposeText;
  /** The request in its own words, when the site asked by `authorization_details`. */
  readonly authorizationDetails?: readonly PiiAccess[];
}

/** Where the sign-in service may begin: names of Logto, which other services ignore. */
export const FIRST_SCREENS = [
  'sign_in',
  'register',
  'reset_password',
  'identifier:sign_in',
  'identifier:register',
  'single_sign_on',
] as const;

export type FirstScreen = (typeof FIRST_SCREENS)[number];

/** What a site would like of a sign-in. */
export interface SignInWishes {
  /** Preferred languages, most wanted first (BCP 47). */
  readonly uiLocales: readonly string[];
  readonly firstScreen?: FirstScreen;
  /** What the person typed at the site, often an e-mail address. Personal data: passed on, and kept nowhere in the clear. */
  readonly loginHint?: string;
}

export interface InteractionRequest extends SignInWishes {
  readonly interactionId: string;
  readonly tenantId: string;
  readonly kind: 'login' | 'consent';
  readonly site: SiteCard;
  /** Who the core already knows in this browser; always set for `consent`. */
  readonly subjectId?: string;
  /** What to decide on; always set for `consent`. */
  readonly ask?: ConsentAsk;
  /** The person must sign in anew (`prompt=login`, `max_age`). */
  readonly forceLogin?: true;
  /** The person wants to choose who they are here (`prompt=select_account`). */
  readonly chooseAccount?: true;
  /** The core's address that takes the outcome code. */
  readonly returnTo: string;
  /** Origins that the browser goes on to afterwards; `form-action` governs redirects too. */
  readonly formTargets: readonly string[];
  readonly expiresAt: Date;
}

export interface OutcomeQuery {
  readonly tenantId: string;
  readonly interactionId: string;
  readonly code: string;
}

export interface UndecidedQuery extends SiteSubject {
  readonly purpose: Pick<PurposeText, 'purposeId' | 'version'>;
  readonly attributes: readonly string[];
  /** The person started the request themselves, so an earlier denial does not answer it. */
  readonly askDeniedAgain?: true;
}

export type AssuranceLevel = 'low' | 'substantial' | 'high';

export type InteractionOutcome =
  | {
      readonly result: 'signed_in';
      readonly subjectId: string;
      readonly region: string;
      readonly assuranceLevel: AssuranceLevel;
      /** Unix seconds of the sign-in at the upstream. */
      readonly authTime: number;
      readonly amr: readonly string[];
    }
  | {
      readonly result: 'consent_decided';
      readonly subjectId: string;
      readonly granted: readonly string[];
      readonly denied: readonly string[];
    }
  | { readonly result: 'cancelled'; readonly reason: string };
