import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { randomBase32 } from '../../ids/random-ids.ts';
import { sealValues } from '../sealed-attributes/seal-values.ts';
import type { SealedAttributes, SealWindow } from '../sealed-attributes/sealed-envelope.ts';
import {
  decideSealing,
  decideUnsealing,
  type SealingDecision,
  type UnsealingDecision,
} from '../sealed-attributes/sealed-envelopes-repository.ts';
import { envelopeIdOf } from '../vault/envelope-format.ts';
import type { EnvelopeBinding } from '../vault/envelopes.ts';
import type { Vault } from '../vault/vault.ts';
import type { ReadAudit } from './read-audit.ts';
import type { ReadGuard } from './reads-repository.ts';
import { consentRefusal, entryFor } from './release-refusal.ts';
import {
  type Caller,
  hashToken,
  type ReleaseAsk,
  type ReleaseDecision,
  releaseAll,
} from './release-repository.ts';
import { ReleasedValues, type Values } from './released-values.ts';
import { SharedCalls } from './shared-calls.ts';

export interface ReleaseAttributesOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly vault: Vault;
  readonly audit: ReadAudit;
  /** The cell's address; tokens for any other are refused. */
  readonly audience: string;
  /** Issuer of the tokens; named in the address that asks for consent. */
  readonly issuer: string;
  readonly now?: () => Date;
}

export interface ReleaseRequest extends Caller {
  /** Names of the catalogue, none twice. */
  readonly names: readonly string[];
  readonly purpose: string;
  readonly requestId?: string | undefined;
}

export interface SealRequest extends ReleaseRequest, SealWindow {
  /** Only a site by itself has attributes sealed. */
  readonly userRef: string;
  readonly orderRef: string;
}

export interface UnsealRequest extends Caller {
  readonly sealed: string;
  readonly purpose: string;
  readonly orderRef: string;
  readonly requestId?: string | undefined;
}

type Refused = Exclude<SealingDecision, { outcome: 'released' }>;
type Opened = Extract<UnsealingDecision, { outcome: 'opened' }>;

/** How often a read starts over because what allowed it changed before it was written down. */
const ATTEMPTS = 3;

/**
 * The one place where personal data leaves for a site: live consent and the audit entry in one commit, and only
 * then, at once, the answer. When a key is not at hand, the vault comes first and the permission is looked at
 * again. A permission that ends while the read is under way makes it start over, and then be refused: whoever
 * ended it is told so only when no such read is left.
 */
export class ReleaseAttributes {
  readonly #options: ReleaseAttributesOptions;
  readonly #now: () => Date;
  readonly #decisions: SharedCalls<ReleaseAsk, ReleaseDecision>;
  readonly #values: ReleasedValues;

  constructor(options: ReleaseAttributesOptions) {
    const { database, audience, now = () => new Date() } = options;
    this.#options = options;
    this.#now = now;
    this.#values = new ReleasedValues({ ...options, now });
    this.#decisions = new SharedCalls({
      call: (asks) => releaseAll(database, asks, { audience, now: now() }),
      groupOf: ({ tenantId }) => tenantId,
    });
  }

  /**
   * The values by name; `null` for what the person has agreed to share and does not have. All names or
   * none. Throws `unknown_attribute`, `invalid_token`, `not_found` (person unknown, or known to another
   * site only), `processing_restricted`, `consent_required`, `consent_expired` (both with `attributes` and
   * `purpose`), `integrity_error`, `service_unavailable`. Refusals are audited, except of unknown tokens:
   * an anonymous caller must not be able to fill the log.
   */
  release(request: ReleaseRequest): Promise<Values> {
    const { vault, audit } = this.#options;
    return untilSettled(async () => {
      const storedNames = this.#values.storedNames(request.names);
      const isReady = await vault.isReadyToOpen(request.tenantId, storedNames);
      const entry = isReady ? entryFor(request, 'attributes.released') : undefined;
      const decision = await this.#decisions.ask({ ...request, storedNames, entry });
      if (decision.outcome !== 'released') return this.#refuse(request, decision);
      // Written down, and nothing to wait for any more: the values leave in this very turn.
      const atOnce = decision.is_written && this.#values.openAtOnce(request, decision);
      if (atOnce) {
        audit.count(request.tenantId, decision.consent_ids);
        return atOnce;
      }
      const values = await this.#values.open(request, decision);
      const isWritten = await audit.recordRelease({
        entry: entryFor(request, 'attributes.released', decision),
        consentIds: decision.consent_ids,
        guard: this.#guard(request, decision),
        isWritten: decision.is_written,
      });
      return isWritten ? values : undefined;
    });
  }

  /**
   * Seals the values as they are now for a site that keeps and cannot read them, bound to the site, its
   * `user_ref`, names, purpose, order reference and window. Throws what {@link release} throws, and
   * `forbidden` for a site without the scope `sealed`.
   */
  seal(request: SealRequest): Promise<SealedAttributes> {
    const { notBefore, expiresAt, tenantId } = request;
    const { database, audience } = this.#options;
    return untilSettled(async () => {
      const ask = { ...request, storedNames: this.#values.storedNames(request.names) };
      const decision = await decideSealing(database, ask, { audience, now: this.#now() });
      if (decision.outcome !== 'released') return this.#refuse(request, decision);
      const values = await this.#values.open(request, decision);
      const binding: EnvelopeBinding = {
        ...{ tenantId, subjectId: decision.subject_id, siteId: decision.site_id, userRef: request.userRef },
        ...{ attributes: request.names, purpose: request.purpose, orderRef: request.orderRef },
        ...{ notBefore, expiresAt, envelopeId: `sea_${randomBase32(26)}` },
      };
      const sealed = await sealValues(this.#options, {
        ...{ binding, values, sealedAt: this.#now(), guard: this.#guard(request, decision) },
        entry: entryFor(request, 'attributes.sealed', decision),
      });
      return sealed === undefined ? undefined : { sealed, notBefore, expiresAt };
    });
  }

  /**
   * Opens what {@link seal} gave to this very site, inside the window, for that purpose and order, while the
   * person's consent to that purpose lives. Throws `invalid_token`, `forbidden`, `not_found` (unknown, or
   * another site's), `sealed_invalid`, `sealed_mismatch`, `sealed_not_open_yet`, `sealed_expired`,
   * `sealed_destroyed` (a consent has ended), `consent_expired`, `processing_restricted`,
   * `service_unavailable`. Refusals are audited as for {@link release}.
   */
  async unseal(request: UnsealRequest): Promise<Values> {
    const envelopeId = envelopeIdOf(request.sealed);
    const { database, audience } = this.#options;
    return untilSettled(async () => {
      const decision = await decideUnsealing(database, {
        ...request,
        audience,
        envelopeId,
        now: this.#now(),
      });
      if (decision.outcome !== 'opened') return this.#refuseUnsealing(request, decision);
      const values = await this.#openEnvelope(request, decision);
      const asked = { ...request, names: decision.attributes, userRef: decision.user_ref };
      const entry = entryFor(asked, 'attributes.unsealed', decision);
      const isWritten = await this.#options.audit.recordRelease({
        entry: { ...entry, data: { ...entry.data, envelope_id: envelopeId } },
        consentIds: decision.consent_ids,
        guard: this.#guard(asked, decision),
      });
      return isWritten ? values : undefined;
    });
  }

  async #openEnvelope(request: UnsealRequest, decision: Opened): Promise<Values> {
    const { tenantId, sealed, purpose, orderRef } = request;
    const binding: EnvelopeBinding = {
      ...{ tenantId, subjectId: decision.subject_id, siteId: decision.site_id, userRef: decision.user_ref },
      ...{ attributes: decision.attributes, purpose, orderRef, envelopeId: decision.envelope_id },
      notBefore: new Date(decision.not_before_ms),
      expiresAt: new Date(decision.expires_at_ms),
    };
    try {
      const content = await this.#options.vault.envelopes.openEnvelope(sealed, binding, decision.key);
      return JSON.parse(content.toString('utf8')) as Values;
    } catch (error) {
      if (error instanceof UserrefError && (error.status < 500 || error.code === 'integrity_error'))
        await this.#recordUnsealRefusal(request, decision, error);
      throw error;
    }
  }

  #guard(
    { accessToken, userRef }: Caller,
    decision: { subject_id: string; epoch: number; consent_ids: readonly string[] },
  ): ReadGuard {
    return {
      ...{ tokenHash: hashToken(accessToken), audience: this.#options.audience, userRef },
      ...{ subjectId: decision.subject_id, epoch: decision.epoch, consentIds: decision.consent_ids },
    };
  }

  async #refuse(request: ReleaseRequest, decision: Refused): Promise<never> {
    const error =
      decision.outcome === 'consent_required'
        ? consentRefusal(request, decision, this.#options.issuer)
        : new UserrefError(decision.outcome);
    if (decision.outcome !== 'invalid_token') {
      const entry = entryFor(request, 'attributes.refused', decision);
      await this.#options.audit.record({ entry: { ...entry, data: { ...entry.data, code: error.code } } });
    }
    throw error;
  }

  async #refuseUnsealing(
    request: UnsealRequest,
    decision: Exclude<UnsealingDecision, Opened>,
  ): Promise<never> {
    const { purpose } = request;
    const error =
      decision.outcome === 'consent_required'
        ? consentRefusal({ names: decision.attributes, purpose }, decision, this.#options.issuer)
        : new UserrefError(decision.outcome);
    if (decision.outcome !== 'invalid_token') await this.#recordUnsealRefusal(request, decision, error);
    throw error;
  }

  #recordUnsealRefusal(
    request: UnsealRequest,
    decision: Exclude<UnsealingDecision, { outcome: 'invalid_token' }>,
    { code }: UserrefError,
  ): Promise<void> {
    const names = 'attributes' in decision ? decision.attributes : [];
    const entry = entryFor({ ...request, names }, 'attributes.unseal_refused', decision);
    const action = code === 'integrity_error' ? 'vault.integrity' : entry.action;
    return this.#options.audit.record({ entry: { ...entry, action, data: { ...entry.data, code } } });
  }
}

/** Starts over while an attempt says that what allowed it has changed. */
async function untilSettled<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < ATTEMPTS; count += 1) {
    const settled = await attempt();
    if (settled !== undefined) return settled;
  }
  const logDetail = 'permissions changed at every attempt of a read';
  throw new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 1 });
}
