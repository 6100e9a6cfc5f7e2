import type { Database, Queryable } from '../../../database/database.ts';
import { UserrefError } from '../../../errors/userref-error.ts';
import { addJob } from '../../../jobs/job-queue.ts';
import type { AttributeCatalogue } from '../attribute-catalogue.ts';
import { type BlindIndexKeys, blindIndexClass } from '../blind-index.ts';
import { type DataKeyStore, STALE_WRITER_SECONDS } from '../data-key-store.ts';
import { ENVELOPE_CLASS } from '../envelopes.ts';
import { KeyRepository } from '../key-repository.ts';
import { KEY_TTL_SECONDS, type KeyRing } from '../key-ring.ts';
import { INDEXED_ATTRIBUTES } from '../normalise-identifier.ts';
import type { Batch } from './batch.ts';
import { indexBatch } from './rebuild-index.ts';
import { reencryptBatch } from './reencrypt-values.ts';
import { indexedField, RemainingWork } from './remaining-work.ts';
import { rewrapBatch } from './rewrap-keys.ts';
import {
  type RotationKind,
  RotationRepository,
  type RotationRow,
  type RotationScope,
} from './rotation-repository.ts';

export const ROTATION_TASK = 'rotate-keys';

export interface KeyRotationOptions {
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly region: string;
  readonly ring: KeyRing;
  readonly dataKeys: DataKeyStore;
  readonly indexKeys: BlindIndexKeys;
  readonly catalogue: AttributeCatalogue;
  /** People or data keys a transaction. Default: 100 data keys, 20 people; few, so that nobody waits long. */
  readonly batch?: Partial<Record<RotationKind, number>>;
}

export interface StartRotation {
  readonly tenantId: string;
  readonly kind: RotationKind;
  /** A class of attributes, or the field of a blind index. */
  readonly class: string;
  /**
   * How long the new version is published before it becomes active. Default: the lifetime of a cached key,
   * 300; then every process can open it before the first one uses it.
   */
  readonly graceSeconds?: number;
  /** How long processes may take the old version for the active one. Default 360. */
  readonly settleSeconds?: number;
}

/**
 * What came of a step. `more`: call again. `waiting`: call again after so many milliseconds. `finished`:
 * nothing is left on an older version. `idle`: there is no rotation.
 */
export type StepResult =
  | { readonly result: 'more'; readonly batch: Batch }
  | { readonly result: 'waiting'; readonly ms: number }
  | { readonly result: 'finished' | 'idle' };

const BATCH: Record<RotationKind, number> = { kek: 100, dek: 20, blind_index: 20 };
/** When a pass went by and rows are left that somebody held, or that wait for their people to sign in. */
const NEXT_PASS_MS = 2_000;

/**
 * Rotates keys in the background, a bounded batch at a time. All state is in the database: any number of
 * processes may take part, and any may die at any moment. Old versions open on until the operator raises
 * the floor ({@link KeyLifecycle}).
 */
export class KeyRotation {
  readonly #options: KeyRotationOptions;
  readonly #keys: KeyRepository;
  readonly #rotations: RotationRepository;
  readonly #remaining: RemainingWork;

  constructor(options: KeyRotationOptions) {
    this.#options = options;
    this.#keys = new KeyRepository(options.database);
    this.#rotations = new RotationRepository(options.database);
    this.#remaining = new RemainingWork(options.database);
  }

  /**
   * Publishes the next version of a key (or, for data keys, marks all that are there as old) and queues the
   * work. Throws `conflict` when a rotation of this kind and class is under way, `invalid_request` for a class
   * that has no keys of this kind, and `service_unavailable`.
   */
  async start(request: StartRotation): Promise<void> {
    const { tenantId, kind } = request;
    const scope = this.scope(request);
    const { database, ring } = this.#options;
    await this.#refuseOther(request);
    if (kind === 'dek') {
      const plan = { toVersion: null, graceSeconds: 0, settleSeconds: 0 };
      await database.inTenant(tenantId, (tx) => this.#begin(tx, scope, plan));
      return;
    }
    await ring.active(tenantId, scope.class);
    const [newest] = await this.#keys.list(scope);
    const key = await ring.make(tenantId, scope.class, (newest?.version ?? 0) + 1);
    const { graceSeconds = KEY_TTL_SECONDS, settleSeconds = STALE_WRITER_SECONDS } = request;
    await database.inTenant(tenantId, async (tx) => {
      await this.#begin(tx, scope, { toVersion: key.version, graceSeconds, settleSeconds });
      if (!(await this.#keys.insertNext(tx, scope, key))) throw underWay(scope);
    });
    ring.forget(tenantId, scope.class);
  }

  /** Does the next bounded piece of work of a rotation. Bears to be called by many at once, and again. */
  async step(request: Pick<StartRotation, 'tenantId' | 'kind' | 'class'>): Promise<StepResult> {
    const scope = this.scope(request);
    const rotation = await this.#rotations.underWay(scope);
    if (!rotation) return { result: 'idle' };
    if (rotation.state === 'waiting') {
      if (rotation.ms_to_flip > 0) return { result: 'waiting', ms: rotation.ms_to_flip };
      await this.#flip(scope, rotation);
    }
    await this.#openKeys(scope);
    const batch = await this.#options.database.inTenant(scope.tenantId, async (tx) => {
      const done = await this.#batch(tx, scope, rotation);
      const { rotation_id: rotationId } = rotation;
      if (done.cursorAfter !== undefined) {
        await this.#rotations.advance(tx, scope, { rotationId, ...done, cursorAfter: done.cursorAfter });
      }
      return done;
    });
    return batch.seen > 0 ? { result: 'more', batch } : this.#endOfPass(scope, rotation);
  }

  /** In the keys' own terms: an index of e-mail addresses has keys of class `blind_index:email`. */
  scope({ tenantId, kind, class: name }: Pick<StartRotation, 'tenantId' | 'kind' | 'class'>): RotationScope {
    const keyClass = kind === 'blind_index' ? blindIndexClass(name) : name;
    return { tenantId, region: this.#options.region, kind, class: keyClass };
  }

  /** A typing error must not make a key; and only values that lie here can be sealed anew. */
  async #refuseOther({ tenantId, kind, class: name }: StartRotation): Promise<void> {
    const { region } = this.#options;
    if (kind === 'blind_index' && (name in INDEXED_ATTRIBUTES || name === 'upstream')) return;
    const ofValues = kind === 'kek' || (kind === 'dek' && name !== ENVELOPE_CLASS);
    const known = ofValues && indexedField({ class: name }) === undefined;
    if (known && (await this.#keys.list({ tenantId, region, class: name })).length > 0) return;
    throw new UserrefError('invalid_request', {
      detail: `There is no class ${name} whose keys rotate in this way (${kind.replace('_', '-')}).`,
    });
  }

  async #begin(
    tx: Queryable,
    scope: RotationScope,
    plan: { toVersion: number | null; graceSeconds: number; settleSeconds: number },
  ): Promise<void> {
    if (!(await this.#rotations.start(tx, scope, plan))) throw underWay(scope);
    await queueRotation(tx, scope, plan.graceSeconds * 1_000);
  }

  async #flip(scope: RotationScope, rotation: RotationRow): Promise<void> {
    const { database, ring } = this.#options;
    await database.inTenant(scope.tenantId, async (tx) => {
      if (rotation.to_version !== null) await this.#keys.flip(tx, scope, rotation.to_version);
      await this.#rotations.migrating(tx, scope, rotation.rotation_id);
    });
    ring.forget(scope.tenantId, scope.class);
  }

  /** Has the keys at hand before anybody's rows are locked: a key service that hangs keeps nobody waiting. */
  async #openKeys(scope: RotationScope): Promise<void> {
    const { ring } = this.#options;
    const open = (await this.#keys.list(scope)).filter(
      ({ state, version, floor }) => state !== 'disabled' && state !== 'destroyed' && version >= floor,
    );
    await Promise.all(open.map(({ version }) => ring.version(scope.tenantId, scope.class, version)));
  }

  #batch(tx: Queryable, scope: RotationScope, rotation: RotationRow): Promise<Batch> {
    const { ring, dataKeys, indexKeys, catalogue, batch } = this.#options;
    const limit = batch?.[scope.kind] ?? BATCH[scope.kind];
    const request = { ...scope, after: rotation.cursor_after, limit };
    const toVersion = rotation.to_version ?? 0;
    if (scope.kind === 'kek') return rewrapBatch(tx, ring, { ...request, toVersion });
    if (scope.kind === 'dek')
      return reencryptBatch(tx, dataKeys, { ...request, rotationId: rotation.rotation_id });
    const field = indexedField(scope);
    // Who somebody is at the upstream is stored nowhere: their index moves when they next sign in.
    if (field !== 'email' && field !== 'phone') return Promise.resolve(NOTHING);
    return indexBatch(tx, { catalogue, dataKeys, indexKeys }, { ...request, toVersion, field });
  }

  async #endOfPass(scope: RotationScope, rotation: RotationRow): Promise<StepResult> {
    const left = await this.#remaining.count(scope, rotation);
    const latest = await this.#rotations.underWay(scope);
    if (!latest) return { result: 'finished' };
    const unreadable = scope.kind === 'blind_index' ? 0 : latest.unreadable;
    return this.#options.database.inTenant(scope.tenantId, async (tx) => {
      if (left <= unreadable && latest.ms_to_settle === 0) {
        await this.#rotations.finish(tx, scope, rotation.rotation_id);
        return { result: 'finished' };
      }
      await this.#rotations.nextPass(tx, scope, rotation.rotation_id);
      return { result: 'waiting', ms: left > 0 ? NEXT_PASS_MS : latest.ms_to_settle };
    });
  }
}

const NOTHING: Batch = { seen: 0, moved: 0, unreadable: 0, cursorAfter: undefined };

/** Queues the next piece of work of a rotation. One job a rotation, however often this is called. */
export function queueRotation(tx: Queryable, scope: RotationScope, afterMs: number): Promise<void> {
  const { tenantId, kind, class: keyClass } = scope;
  return addJob(tx, 'cell_jobs', {
    task: ROTATION_TASK,
    payload: { tenantId, kind, class: indexedField(scope) ?? keyClass },
    key: `${ROTATION_TASK}:${tenantId}:${kind}:${keyClass}`,
    runAt: new Date(Date.now() + afterMs),
  });
}

function underWay({ kind, class: keyClass }: RotationScope): UserrefError {
  return new UserrefError('conflict', {
    detail: `A rotation (${kind.replace('_', '-')}) of ${keyClass} is under way already.`,
  });
}
