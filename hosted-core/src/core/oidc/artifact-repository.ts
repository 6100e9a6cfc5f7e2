import type { Queryable } from '../../database/database.ts';

/** An artifact with all that its checks need, from one round trip. */
export interface FoundArtifact {
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly consumed: boolean;
  readonly grant_payload: Record<string, unknown> | null;
  readonly session_payload: Record<string, unknown> | null;
  readonly subject_status: 'active' | 'suspended' | 'erased' | null;
  readonly subject_ref: string | null;
  readonly user_ref: string | null;
}

/** Everything that one request writes; the member names are those of `core.write_artifacts`. */
export interface ArtifactWrites {
  /** Ids (SHA-256, hex) of artifacts that may be used once and are used now. */
  readonly consume?: readonly string[];
  readonly remove?: readonly string[];
  readonly put?: readonly ArtifactPut[];
  /** Sign-ins to note on the pseudonym's row. */
  readonly signed_in?: readonly { readonly site_id: string; readonly subject_id: string }[];
  readonly audit?: readonly object[];
}

export interface ArtifactPut {
  readonly id: string;
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly grant: string | null;
  readonly session_uid: string | null;
  readonly site_id: string | null;
  readonly subject_id: string | null;
  /** Unix seconds. */
  readonly exp: number;
}

/** All SQL of the OpenID provider's storage. */
export class ArtifactRepository {
  readonly #database: Queryable;
  readonly #tenantId: string;

  constructor(database: Queryable, tenantId: string) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  async findById(idSha256: Buffer): Promise<FoundArtifact | undefined> {
    return this.#find(idSha256, null);
  }

  async findSessionByUid(uid: string): Promise<FoundArtifact | undefined> {
    return this.#find(null, uid);
  }

  /** @returns `false` when something to be used once was used already; nothing was written then */
  async write(writes: ArtifactWrites): Promise<boolean> {
    const rows = await this.#database.query<{ written: boolean }>(
      'select core.write_artifacts($1, $2) as written',
      [this.#tenantId, JSON.stringify(writes)],
    );
    return rows[0]?.written === true;
  }

  /** Deletes everything that was issued under a grant, and the grant. */
  async revokeGrant(grantSha256: Buffer): Promise<void> {
    await this.#database.query('select core.revoke_grant($1, $2)', [this.#tenantId, grantSha256]);
  }

  /** Deletes what has expired, in batches, until nothing is left. */
  async deleteExpired(): Promise<number> {
    let total = 0;
    for (;;) {
      const rows = await this.#database.query<{ deleted: number }>(
        'select core.delete_expired_artifacts($1, $2) as deleted',
        [this.#tenantId, 1_000],
      );
      const deleted = rows[0]?.deleted ?? 0;
      total += deleted;
      if (deleted < 1_000) return total;
    }
  }

  async #find(idSha256: Buffer | null, uid: string | null): Promise<FoundArtifact | undefined> {
    const rows = await this.#database.query<FoundArtifact>('select * from core.find_artifact($1, $2, $3)', [
      this.#tenantId,
      idSha256,
      uid,
    ]);
    return rows[0];
  }
}
