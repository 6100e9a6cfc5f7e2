import type { Database } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import { STALE_WRITER_SECONDS } from '../data-key-store.ts';
import { IdentifierRepository } from '../identifier-repository.ts';
import { KeyRepository, type KeyRow, type KeyScope, type KeyVersionFacts } from '../key-repository.ts';
import type { KeyRing } from '../key-ring.ts';
import { INDEXED_ATTRIBUTES } from '../normalise-identifier.ts';
import { Quarantine } from './quarantine.ts';
import { indexedField, RemainingWork } from './remaining-work.ts';
import { allowLongCount, RotationRepository, type RotationRow } from './rotation-repository.ts';

export interface KeyLifecycleOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly region: string;
  readonly ring: KeyRing;
  /** How long after a rotation a version may still be in use by a process that has not heard. Default 360. */
  readonly staleWriterSeconds?: number;
}

export interface KeyVersionStatus extends KeyVersionFacts {
  /** Data keys that it wraps, or people whose index it alone makes. */
  readonly inUse: number;
  /** Data keys under it that were set aside because they do not open. */
  readonly quarantined: number;
}

export interface RotationStatus extends RotationRow {
  /** What is still on an older version; `unreadable` of it never will be moved. */
  readonly remaining: number;
  /** Seconds until nothing is left, at the speed of the last few seconds. `null`: nobody knows. */
  readonly secondsLeft: number | null;
}

export interface KeysStatus {
  readonly keys: readonly KeyVersionStatus[];
  readonly rotations: readonly RotationStatus[];
}

/** What operators ask of keys besides rotating them: how things stand, closing old versions, destroying them. */
export class KeyLifecycle {
  /** Data keys that do not open. */
  readonly quarantine: Quarantine;
  readonly #database: Database;
  readonly #region: string;
  readonly #ring: KeyRing;
  readonly #staleWriterSeconds: number;
  readonly #keys: KeyRepository;
  readonly #rotations: RotationRepository;
  readonly #remaining: RemainingWork;
  readonly #identifiers = new IdentifierRepository();

  constructor({ database, region, ring, staleWriterSeconds = STALE_WRITER_SECONDS }: KeyLifecycleOptions) {
    this.#database = database;
    this.#region = region;
    this.#ring = ring;
    this.#staleWriterSeconds = staleWriterSeconds;
    this.#keys = new KeyRepository(database);
    this.#rotations = new RotationRepository(database);
    this.#remaining = new RemainingWork(database);
    this.quarantine = new Quarantine({ database, region, ring });
  }

  /** Every version with what uses it, and the latest rotation of each kind and class. Counts whole tables. */
  async status(tenantId: string): Promise<KeysStatus> {
    const where = { tenantId, region: this.#region };
    const keys: KeyVersionStatus[] = [];
    for (const one of await this.#keys.facts(where)) {
      const scope = { ...where, class: one.class };
      const inUse = await this.#inUse(scope, one.version);
      keys.push({ ...one, inUse, quarantined: await this.quarantine.count(scope, one.version) });
    }
    return { keys, rotations: await this.rotations(tenantId) };
  }

  /** The latest rotation of each kind and class. Progress for scripts and metrics: `remaining` is counted anew. */
  async rotations(tenantId: string): Promise<RotationStatus[]> {
    const region = this.#region;
    const statuses: RotationStatus[] = [];
    for (const rotation of await this.#rotations.latest({ tenantId, region })) {
      const { kind, class: keyClass, state, unreadable } = rotation;
      const remaining =
        state === 'finished'
          ? unreadable
          : await this.#remaining.count({ tenantId, region, kind, class: keyClass }, rotation);
      statuses.push({ ...rotation, remaining, secondsLeft: estimate(rotation, remaining) });
    }
    return statuses;
  }

  /**
   * From now on versions below `floor` open nothing. Throws `conflict` while something still needs one of
   * them (`in_use` tells how much), while processes may still write under one, and for a floor above the
   * active version.
   * @param leave people whose e-mail address or phone number does not open, so that nobody can index it anew:
   *   exactly so many will not be found by it any more. For these two indexes only; nobody signs in by them
   */
  async raiseFloor(
    tenantId: string,
    keyClass: string,
    floor: number,
    { leave = 0 }: { leave?: number } = {},
  ): Promise<void> {
    const scope = { tenantId, region: this.#region, class: keyClass };
    await this.#database.inTenant(tenantId, async (tx) => {
      await allowLongCount(tx);
      // Whoever writes under one of these versions now is done before we count, or is refused after.
      const rows = await this.#keys.lockVersions(tx, scope, floor);
      const active = rows.find((row) => row.state === 'active');
      if (!active || floor > active.version) throw refused('The floor cannot be above the active version.');
      if (floor <= active.floor) throw refused(`The floor is ${active.floor} already.`);
      const field = indexedField(scope);
      if (leave > 0 && (field === undefined || !(field in INDEXED_ATTRIBUTES)))
        throw refused('Only people in the index of e-mail addresses or phone numbers can be left behind.');
      const inUse = await this.#remaining.below(tx, scope, floor);
      if (inUse !== leave) refuseInUse(inUse, `versions below ${floor}`);
      if (await this.#keys.recentlyActive(tx, scope, { below: floor, seconds: this.#staleWriterSeconds }))
        throw refused(
          `An older version was active a moment ago (under ${this.#staleWriterSeconds} s): processes may still write under it.`,
        );
      const drop = { version: floor, all: leave > 0 };
      if (field) await this.#identifiers.dropBelow(tx, { tenantId, field }, drop);
      await this.#keys.raiseFloor(tx, scope, { floor, leave });
    });
    this.#ring.forget(tenantId, keyClass);
  }

  /**
   * Erases the wrapped bytes of a version below the floor, for ever. Throws `conflict` while it is in use
   * (`in_use` tells how much) or not yet below the floor, and `not_found`.
   */
  async destroy(tenantId: string, keyClass: string, version: number): Promise<void> {
    const scope = { tenantId, region: this.#region, class: keyClass };
    await this.#database.inTenant(tenantId, async (tx) => {
      await allowLongCount(tx);
      const rows = await this.#keys.lockVersions(tx, scope, version + 1);
      const row = rows.find((one) => one.version === version);
      if (!row) throw new UserrefError('not_found', { detail: 'There is no such version of this key.' });
      refuseInUse(await this.#remaining.needing(tx, scope, version), `version ${version}`);
      refuseState(row);
      if (row.state === 'disabled') await this.#keys.destroy(tx, scope, version);
    });
    this.#ring.forget(tenantId, keyClass);
  }

  #inUse(scope: KeyScope, version: number): Promise<number> {
    return this.#database.inTenant(scope.tenantId, async (tx) => {
      await allowLongCount(tx);
      return this.#remaining.needing(tx, scope, version);
    });
  }
}

function refuseInUse(count: number, what: string): void {
  if (count === 0) return;
  throw new UserrefError('conflict', {
    detail: `${count} row(s) still need ${what}. Rotate first; \`keys status\` shows how far that is, and \`keys unreadable\` what does not open.`,
    extensions: { in_use: count },
  });
}

function refuseState({ state, version, floor }: KeyRow): void {
  if (state === 'destroyed' || (state === 'disabled' && version < floor)) return;
  throw refused(
    `Version ${version} is ${state}. Only what is below the floor can be destroyed: raise it first.`,
  );
}

function refused(detail: string): UserrefError {
  return new UserrefError('conflict', { detail });
}

function estimate(rotation: RotationRow, remaining: number): number | null {
  if (rotation.state === 'finished') return 0;
  const wait = Math.ceil(rotation.ms_to_flip / 1_000);
  const work = rotation.per_second
    ? Math.ceil(Math.max(0, remaining - rotation.unreadable) / rotation.per_second)
    : null;
  if (remaining === 0) return Math.max(wait, Math.ceil(rotation.ms_to_settle / 1_000));
  return work === null ? null : Math.max(wait + work, Math.ceil(rotation.ms_to_settle / 1_000));
}
