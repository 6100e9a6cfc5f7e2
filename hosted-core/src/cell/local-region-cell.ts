import type { Database } from '../database/database.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { ErasureQuery, ErasureReceipt, ErasureRequest } from '../wall/erasure.ts';
import type {
  InteractionOutcome,
  InteractionRequest,
  OutcomeQuery,
  RegionCell,
  SiteSubject,
  UndecidedQuery,
} from '../wall/region-cell.ts';
import type { ConsentCount, ConsentRevocation } from '../wall/revocation.ts';
import { undecided } from './consent/consent.ts';
import type { ConsentDependencies } from './consent/consent-notice.ts';
import { liveAttributes, standingDecisions } from './consent/consents-repository.ts';
import { isReadable } from './consent/purpose-text.ts';
import { countConsents, revokeConsents } from './consent/revoke-consents.ts';
import { erasePerson, erasureReceipt } from './erasure/erase-person.ts';
import type { ErasureDependencies } from './erasure/finish-erasure.ts';
import { insertInteraction, redeemOutcome } from './interactions/interactions-repository.ts';
import type { LoginHints } from './interactions/login-hints.ts';
import { tokenHash } from './people/opaque-token.ts';

export interface LocalRegionCellOptions {
  /** As `cell_app`. */
  readonly database: Database;
  /** Public address of the cell, without a slash at the end. */
  readonly url: string;
  readonly region: string;
  /** The tenant whose pages this cell serves. */
  readonly tenantId: string;
  readonly now: () => Date;
  readonly erasure: ErasureDependencies;
  readonly consents: ConsentDependencies;
  /** Default: what people typed at a site is not passed on to the sign-in service. */
  readonly loginHints?: LoginHints | undefined;
}

/** The port to a cell that runs in this process. */
export class LocalRegionCell implements RegionCell {
  readonly resource: string;
  readonly region: string;
  readonly #options: LocalRegionCellOptions;

  constructor(options: LocalRegionCellOptions) {
    this.resource = options.url;
    this.region = options.region;
    this.#options = options;
  }

  /** @throws UserrefError `invalid_request` for a tenant that this cell does not serve, half a request, or a text that is no page */
  async startInteraction(request: InteractionRequest): Promise<{ url: string }> {
    const { interactionId, expiresAt, loginHint, ...stored } = request;
    const sealedHint = loginHint && this.#options.loginHints?.seal(interactionId, loginHint);
    const { tenantId, kind, site } = stored;
    const half = kind === 'consent' && !(stored.ask && stored.subjectId);
    const unreadable = stored.ask !== undefined && !isReadable(stored.ask);
    if (tenantId !== this.#options.tenantId || half || unreadable) throw new UserrefError('invalid_request');
    await insertInteraction(this.#options.database, {
      tenantId,
      interactionHash: tokenHash(interactionId),
      request: { ...stored, ...(sealedHint && { sealedHint }) },
      now: this.#options.now(),
      expiresAt,
      audit: { tenantId, action: 'interaction.started', siteId: site.siteId, data: { kind } },
    });
    return { url: `${this.resource}/interaction/${encodeURIComponent(interactionId)}` };
  }

  async readOutcome({ tenantId, interactionId, code }: OutcomeQuery): Promise<InteractionOutcome> {
    const outcome = await redeemOutcome(this.#options.database, {
      tenantId,
      interactionHash: tokenHash(interactionId),
      codeHash: tokenHash(code),
      now: this.#options.now(),
    });
    if (!outcome) throw new UserrefError('interaction_not_found');
    return outcome;
  }

  async undecidedAttributes({
    attributes,
    purpose,
    askDeniedAgain,
    ...subject
  }: UndecidedQuery): Promise<string[]> {
    const decisions = await standingDecisions(this.#options.database, {
      ...subject,
      purposeId: purpose.purposeId,
    });
    return undecided(attributes, decisions, { purpose, now: this.#options.now(), askDeniedAgain });
  }

  liveConsents(subject: SiteSubject & { purposeId?: string }): Promise<string[]> {
    return liveAttributes(this.#options.database, { ...subject, now: this.#options.now() });
  }

  revokeConsents(revocation: ConsentRevocation): Promise<ConsentCount> {
    return revokeConsents(this.#options.consents, revocation);
  }

  countConsents(revocation: ConsentRevocation): Promise<ConsentCount> {
    return countConsents(this.#options.consents, revocation);
  }

  erase(request: ErasureRequest): Promise<ErasureReceipt> {
    return erasePerson(this.#options.erasure, request);
  }

  erasureReceipt(query: ErasureQuery): Promise<ErasureReceipt> {
    return erasureReceipt(this.#options.erasure, query);
  }
}
