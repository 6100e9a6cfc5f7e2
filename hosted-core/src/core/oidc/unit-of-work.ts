import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { type AuditEntry, toRow } from '../../audit/audit-log.ts';
import type { ArtifactPut, ArtifactRepository, FoundArtifact } from './artifact-repository.ts';

/** Who an artifact belongs to, as far as this request has seen. */
export interface KnownSubject {
  readonly status: string;
  readonly auditRef: string;
}

/**
 * What one request to the OpenID provider reads and writes. Reads are remembered, writes are collected and
 * go out in one statement before the answer does: an answer that names a token means that the token exists,
 * and a code is spent if and only if its tokens were made.
 */
export class UnitOfWork {
  readonly #repository: ArtifactRepository;
  readonly #reads = new Map<string, Promise<FoundArtifact | undefined>>();
  readonly #sessions = new Map<string, Record<string, unknown>>();
  readonly #puts = new Map<string, ArtifactPut>();
  readonly #removes = new Set<string>();
  /** Id of each artifact to consume, with the grant that falls when it was consumed already. */
  readonly #consumes = new Map<string, string | undefined>();
  readonly #signIns: { site_id: string; subject_id: string }[] = [];
  readonly #audit: AuditEntry[] = [];
  readonly subjects = new Map<string, KnownSubject>();
  /** Pseudonyms by `site/subject`. */
  readonly userRefs = new Map<string, Promise<string>>();
  /** The first failure of storage in this request; the engine in between turns it into something vague. */
  fault: unknown;

  constructor(repository: ArtifactRepository) {
    this.#repository = repository;
  }

  async find(value: string): Promise<FoundArtifact | undefined> {
    const id = sha256Hex(value);
    const staged = this.#puts.get(id);
    if (staged) return asFound(staged, this.#consumes.has(id));
    if (this.#removes.has(id)) return undefined;
    let read = this.#reads.get(id);
    if (!read) {
      read = this.#guarded(() => this.#repository.findById(Buffer.from(id, 'hex')));
      this.#reads.set(id, read);
    }
    const found = await read;
    if (found) this.#learn(found);
    return found;
  }

  async findSessionByUid(uid: string): Promise<Record<string, unknown> | undefined> {
    const known = this.#sessions.get(uid);
    if (known) return known;
    const found = await this.#guarded(() => this.#repository.findSessionByUid(uid));
    if (found) this.#learn(found);
    return found?.payload;
  }

  put(value: string, artifact: Omit<ArtifactPut, 'id'>): void {
    const id = sha256Hex(value);
    this.#removes.delete(id);
    this.#puts.set(id, { ...artifact, id });
    if (artifact.kind === 'Session' && artifact.session_uid)
      this.#sessions.set(artifact.session_uid, artifact.payload);
  }

  remove(value: string): void {
    const id = sha256Hex(value);
    this.#puts.delete(id);
    this.#removes.add(id);
  }

  consume(value: string, grantId: string | undefined): void {
    this.#consumes.set(sha256Hex(value), grantId);
  }

  /** At once and by itself: a grant that must fall falls whatever becomes of the rest. */
  async revokeGrant(grantId: string): Promise<void> {
    for (const [id, put] of this.#puts) if (put.grant === sha256Hex(grantId)) this.#puts.delete(id);
    await this.#guarded(() => this.#repository.revokeGrant(Buffer.from(sha256Hex(grantId), 'hex')));
  }

  noteSignIn(siteId: string, subjectId: string): void {
    this.#signIns.push({ site_id: siteId, subject_id: subjectId });
  }

  audit(entry: AuditEntry): void {
    this.#audit.push(entry);
  }

  /** @returns `false` when a code, token or request was used a second time; its grant is gone then */
  async commit(): Promise<boolean> {
    const writes = {
      ...(this.#consumes.size > 0 && { consume: [...this.#consumes.keys()] }),
      ...(this.#removes.size > 0 && { remove: [...this.#removes] }),
      ...(this.#puts.size > 0 && { put: [...this.#puts.values()] }),
      ...(this.#signIns.length > 0 && { signed_in: this.#signIns }),
      ...(this.#audit.length > 0 && { audit: this.#audit.map(toRow) }),
    };
    if (Object.keys(writes).length === 0) return true;
    const written = await this.#guarded(() => this.#repository.write(writes));
    if (written) return true;
    for (const grantId of this.#consumes.values()) if (grantId) await this.revokeGrant(grantId);
    return false;
  }

  #learn(found: FoundArtifact): void {
    const { grantId, sessionUid, accountId, clientId, uid } = found.payload as Record<
      string,
      string | undefined
    >;
    if (found.subject_status && accountId) {
      this.subjects.set(accountId, { status: found.subject_status, auditRef: found.subject_ref ?? '' });
    }
    if (found.user_ref) this.userRefs.set(`${clientId}/${accountId}`, Promise.resolve(found.user_ref));
    if (found.kind === 'Session' && uid) this.#sessions.set(uid, found.payload);
    if (found.session_payload && sessionUid) this.#sessions.set(sessionUid, found.session_payload);
    if (!grantId) return;
    const id = sha256Hex(grantId);
    if (this.#reads.has(id)) return;
    this.#reads.set(
      id,
      Promise.resolve(found.grant_payload ? sideloadedGrant(found.grant_payload) : undefined),
    );
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.fault ??= error;
      throw error;
    }
  }
}

const current = new AsyncLocalStorage<UnitOfWork>();

/** Runs `work` with a unit of work of its own. Committing is the caller's decision. */
export function withUnitOfWork<T>(unit: UnitOfWork, work: () => T): T {
  return current.run(unit, work);
}

export function unitOfWork(): UnitOfWork {
  const unit = current.getStore();
  if (!unit) throw new Error('The OpenID provider was called outside a unit of work.');
  return unit;
}

export function sha256Hex(value: string): string {
  return createHash('sha256').update(value, 'utf8').digest('hex');
}

function asFound(put: ArtifactPut, consumed: boolean): FoundArtifact {
  return { ...NOTHING_BESIDE, kind: put.kind, payload: put.payload, consumed };
}

function sideloadedGrant(payload: Record<string, unknown>): FoundArtifact {
  return { ...NOTHING_BESIDE, kind: 'Grant', payload, consumed: false };
}

const NOTHING_BESIDE = {
  grant_payload: null,
  session_payload: null,
  subject_status: null,
  subject_ref: null,
  user_ref: null,
} as const;
