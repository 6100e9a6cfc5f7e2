import type { AuditEntry } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import type { Vault } from '../vault/vault.ts';
import { derive } from './derived-attributes.ts';
import type { ReadAudit } from './read-audit.ts';
import { type Caller, decideRelease, hashToken, type ReleaseDecision } from './release-repository.ts';

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

type Released = Extract<ReleaseDecision, { outcome: 'released' }>;
type Refused = Exclude<ReleaseDecision, Released>;

/** How often a read starts over because what allowed it changed before it was written down. */
const ATTEMPTS = 3;

/**
 * The one place where personal data leaves for a site: live consent, then the vault, then the audit entry,
 * and only when that is committed, the answer. A permission that ends while the read is under way makes it
 * start over, and then be refused: whoever ended it is told so only when no such read is left.
 */
export class ReleaseAttributes {
  readonly #options: ReleaseAttributesOptions;
  readonly #now: () => Date;

  constructor(options: ReleaseAttributesOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * The values by name; `null` for what the person has agreed to share and does not have. All names or
   * none. Throws `unknown_attribute`, `invalid_token`, `not_found` (person unknown, or known to another
   * site only), `processing_restricted`, `consent_required`, `consent_expired` (both with `attributes` and
   * `purpose`), `integrity_error`, `service_unavailable`. Refusals are audited, except of unknown tokens:
   * an anonymous caller must not be able to fill the log.
   */
  async release(request: ReleaseRequest): Promise<Record<string, unknown>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const released = await this.#attempt(request);
      if (released) return released;
    }
    const logDetail = 'permissions changed at every attempt of a read';
    throw new UserrefError('service_unavailable', { logDetail, retryAfterSeconds: 1 });
  }

  async #attempt(request: ReleaseRequest): Promise<Record<string, unknown> | undefined> {
    const { database, vault, audience } = this.#options;
    const now = this.#now();
    const sources = request.names.map((name) => ({ name, derived: vault.catalogue.find(name).derived }));
    const storedNames = [...new Set(sources.map(({ name, derived }) => derived?.from ?? name))];
    const decision = await decideRelease(database, { ...request, audience, storedNames, now });
    if (decision.outcome !== 'released') return this.#refuse(request, decision);

    const opened = await this.#open(request, decision);
    const values = new Map(opened.map(({ attribute, value }) => [attribute, value]));
    const released = Object.fromEntries(
      sources.map(({ name, derived }) => [
        name,
        derived ? derive(derived, values.get(derived.from), now) : (values.get(name) ?? null),
      ]),
    );
    const isWritten = await this.#options.audit.recordRelease({
      entry: entryFor(request, decision, 'attributes.released'),
      consentIds: decision.consent_ids,
      guard: {
        tokenHash: hashToken(request.accessToken),
        audience,
        userRef: request.userRef,
        subjectId: decision.subject_id,
        epoch: decision.epoch,
        consentIds: decision.consent_ids,
      },
    });
    return isWritten ? released : undefined;
  }

  async #open(request: ReleaseRequest, decision: Released): Promise<OpenedAttribute[]> {
    const { subject_id: subjectId, epoch, sealed } = decision;
    try {
      return await this.#options.vault.openReleased({ tenantId: request.tenantId, subjectId, epoch, sealed });
    } catch (error) {
      if (error instanceof UserrefError && error.code === 'integrity_error') {
        await this.#options.audit.record({ entry: entryFor(request, decision, 'vault.integrity') });
      }
      throw error;
    }
  }

  async #refuse(request: ReleaseRequest, decision: Refused): Promise<never> {
    const error = refusal(request, decision, this.#options.issuer);
    if (decision.outcome !== 'invalid_token') {
      const entry = entryFor(request, decision, 'attributes.refused');
      await this.#options.audit.record({ entry: { ...entry, data: { ...entry.data, code: error.code } } });
    }
    throw error;
  }
}

function refusal(request: ReleaseRequest, decision: Refused, issuer: string): UserrefError {
  if (decision.outcome !== 'consent_required') return new UserrefError(decision.outcome);
  const allExpired = decision.missing.every((one) => one.expired);
  const attributes = decision.missing.map((one) => one.attribute);
  const { purpose } = request;
  return new UserrefError(allExpired ? 'consent_expired' : 'consent_required', {
    extensions: {
      attributes,
      purpose,
      ...(decision.ask_at && { consent_url: consentUrl(decision.ask_at, { issuer, attributes, purpose }) }),
    },
  });
}

/** The site's own address that starts a login from outside (OpenID Connect Core §4), told what to ask for. */
function consentUrl(
  askAt: string,
  wanted: { issuer: string; attributes: readonly string[]; purpose: string },
): string {
  const url = new URL(askAt);
  url.searchParams.set('iss', wanted.issuer);
  url.searchParams.set('attributes', wanted.attributes.join(','));
  url.searchParams.set('purpose', wanted.purpose);
  return url.href;
}

function entryFor(
  request: ReleaseRequest,
  decision: Exclude<ReleaseDecision, { outcome: 'invalid_token' }>,
  action: AuditEntry['action'],
): AuditEntry {
  return {
    tenantId: request.tenantId,
    action,
    siteId: decision.site_id,
    subjectRef: 'audit_ref' in decision ? decision.audit_ref : undefined,
    requestId: request.requestId,
    data: { attributes: request.names, purpose: request.purpose },
  };
}
