import type { Database } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import { openWrappedDataKey } from '../data-key.ts';
import type { KeyScope } from '../key-repository.ts';
import type { KeyRing } from '../key-ring.ts';
import { breathe, isDamage } from './batch.ts';
import { QuarantineRepository, type SuspectKey } from './quarantine-repository.ts';
import { allowLongCount } from './rotation-repository.ts';

/** Data keys under one version that do not open. Never a value, nor anything of one. */
export interface UnreadableKeys {
  readonly version: number;
  /** `damaged`: the key does not open in its place. `closed`: the version above it opens nothing. */
  readonly reason: 'damaged' | 'closed';
  readonly keys: number;
  /** The people, as the audit log names them. */
  readonly people: readonly string[];
}

/**
 * What a rotation had to leave because it does not open: a damaged or displaced data key. It would keep its
 * version from being closed for ever, so an operator may set it aside, visibly, and take it back.
 */
export class Quarantine {
  readonly #database: Database;
  readonly #region: string;
  readonly #ring: KeyRing;
  readonly #rows = new QuarantineRepository();

  constructor({ database, region, ring }: { database: Database; region: string; ring: KeyRing }) {
    this.#database = database;
    this.#region = region;
    this.#ring = ring;
  }

  /** Tries every data key of the class that an older version wraps. Throws `service_unavailable`. */
  async find(tenantId: string, keyClass: string): Promise<UnreadableKeys[]> {
    const found = await this.#suspects(this.#scope(tenantId, keyClass));
    const groups = Map.groupBy(found, ({ key, reason }) => `${key.kek_version}|${reason}`);
    return [...groups.values()].map((group) => ({
      version: group[0]?.key.kek_version ?? 0,
      reason: group[0]?.reason ?? 'damaged',
      keys: group.length,
      people: [...new Set(group.map(({ key }) => key.audit_ref ?? 'unknown'))].sort(),
    }));
  }

  /**
   * Sets the damaged ones aside: no rotation tries them and no floor waits for them any more. They stay where
   * they are. `count` is how many the operator has seen; throws `conflict` (`unreadable` tells how many there
   * are) when it is another number.
   */
  async setAside(tenantId: string, keyClass: string, count: number): Promise<void> {
    const scope = this.#scope(tenantId, keyClass);
    const damaged = (await this.#suspects(scope)).filter(({ reason }) => reason === 'damaged');
    await this.#database.inTenant(tenantId, async (tx) => {
      const done = await this.#rows.setAside(
        tx,
        scope,
        damaged.map(({ key }) => key),
      );
      if (done !== count || done === 0) throw another(done);
    });
  }

  /** Takes back what was set aside of a class. Returns how many data keys. */
  lift(tenantId: string, keyClass: string): Promise<number> {
    const scope = this.#scope(tenantId, keyClass);
    return this.#database.inTenant(tenantId, (tx) => this.#rows.lift(tx, scope));
  }

  /** How many data keys under a version are set aside. */
  count(scope: KeyScope, version: number): Promise<number> {
    return this.#database.inTenant(scope.tenantId, async (tx) => {
      await allowLongCount(tx);
      return this.#rows.count(tx, scope, version);
    });
  }

  async #suspects(scope: KeyScope): Promise<{ key: SuspectKey; reason: UnreadableKeys['reason'] }[]> {
    const found: { key: SuspectKey; reason: UnreadableKeys['reason'] }[] = [];
    for (let last: SuspectKey | undefined; ; ) {
      const after = last && { subjectId: last.subject_id, version: last.version };
      const page = await this.#database.inTenant(scope.tenantId, (tx) =>
        this.#rows.suspects(tx, scope, after),
      );
      for (const [index, key] of page.entries()) {
        await breathe(index);
        const reason = await this.#reasonAgainst(scope, key);
        if (reason) found.push({ key, reason });
      }
      last = page.at(-1);
      if (!last) return found;
    }
  }

  /** `undefined` for a key that opens. */
  async #reasonAgainst(scope: KeyScope, key: SuspectKey): Promise<UnreadableKeys['reason'] | undefined> {
    const { tenantId, region, class: keyClass } = scope;
    const identity = {
      ...{ tenantId, region, class: keyClass, subjectId: key.subject_id },
      ...{ keyId: key.key_id, version: key.version, kekVersion: key.kek_version },
    };
    let reason: UnreadableKeys['reason'] = 'closed';
    try {
      const kek = await this.#ring.version(tenantId, keyClass, key.kek_version);
      reason = 'damaged';
      openWrappedDataKey(kek.key, key.wrapped_dek, identity);
      return undefined;
    } catch (error) {
      if (isDamage(error)) return reason;
      throw error;
    }
  }

  #scope(tenantId: string, keyClass: string): KeyScope {
    return { tenantId, region: this.#region, class: keyClass };
  }
}

function another(unreadable: number): UserrefError {
  return new UserrefError('conflict', {
    detail: `${unreadable} data key(s) of this class are damaged, and that many must be named. \`keys unreadable\` lists them.`,
    extensions: { unreadable },
  });
}
