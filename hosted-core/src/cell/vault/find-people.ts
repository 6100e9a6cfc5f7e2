import { type AuditEntry, appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { BlindIndexKeys } from './blind-index.ts';
import { IdentifierRepository } from './identifier-repository.ts';
import { type IdentifierField, normaliseIdentifier } from './normalise-identifier.ts';

/** Needed to look people up, and part of no other right. */
export const LOOKUP_PERMISSION = 'people.lookup';

export interface LookupRequest {
  readonly tenantId: string;
  /** The operator who asks, by an opaque id; the limit is theirs, over all processes. */
  readonly caller: { readonly id: string; readonly permissions: readonly string[] };
  readonly field: IdentifierField;
  /** As somebody wrote it. */
  readonly value: string;
  readonly requestId?: string | undefined;
}

export interface FindPeopleOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly indexKeys: BlindIndexKeys;
  /** Lookups a minute and caller. Default 30. */
  readonly limitPerMinute?: number;
}

/** Stands in for what has no normal form: it is no address, so nobody is found, by the same work. */
const NOBODY = 'nobody';

/**
 * Finds the people behind an e-mail address or phone number, for operators who answer a request of one of
 * them. Several people may share one. It lets nobody in: signing in goes by the upstream's identity alone.
 */
export class FindPeople {
  readonly #database: Database;
  readonly #indexKeys: BlindIndexKeys;
  readonly #limit: number;
  readonly #identifiers = new IdentifierRepository();

  constructor({ database, indexKeys, limitPerMinute = 30 }: FindPeopleOptions) {
    this.#database = database;
    this.#indexKeys = indexKeys;
    this.#limit = limitPerMinute;
  }

  /**
   * Their subject ids; an empty list when there is nobody, or when `value` is no address at all. Hits,
   * misses and malformed values take the same statements and write the same audit entry, which says neither
   * what was asked nor what was found.
   *
   * Throws `forbidden` (without {@link LOOKUP_PERMISSION}) and `rate_limited`.
   */
  async find({ tenantId, caller, field, value, requestId }: LookupRequest): Promise<string[]> {
    const note = (tx: Queryable, action: AuditEntry['action']) =>
      appendAudit(tx, 'cell', [{ tenantId, action, requestId, data: { field, caller: caller.id } }]);
    if (!caller.permissions.includes(LOOKUP_PERMISSION)) {
      await this.#database.inTenant(tenantId, (tx) => note(tx, 'people.lookup_refused'));
      throw new UserrefError('forbidden');
    }
    const normalised = normaliseIdentifier(field, value) ?? NOBODY;
    const indexes = await this.#indexKeys.contactIndexes({ tenantId, field, value: normalised });
    const budget = { caller: caller.id, limit: this.#limit };
    const found = await this.#database.inTenant(tenantId, async (tx) => {
      const allowed = await this.#identifiers.spend(tx, tenantId, budget);
      await note(tx, allowed ? 'people.looked_up' : 'people.lookup_refused');
      return allowed ? this.#identifiers.find(tx, { tenantId, field }, indexes) : undefined;
    });
    if (!found) throw new UserrefError('rate_limited', { retryAfterSeconds: 60 });
    return found.map((person) => person.subjectId);
  }
}
