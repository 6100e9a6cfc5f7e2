import type { Database, Queryable } from '../../database/database.ts';
import { newUserRef } from '../../ids/random-ids.ts';
import type { ConnectedSite } from '../../wall/core-gateway.ts';

export interface Subject {
  readonly status: 'active' | 'suspended' | 'erased';
  readonly auditRef: string;
}

/** All SQL about people as the core knows them: an opaque id, a region and their pseudonyms. */
export class SubjectRepository {
  readonly #database: Database;
  readonly #tenantId: string;

  constructor(database: Database, tenantId: string) {
    this.#database = database;
    this.#tenantId = tenantId;
  }

  /**
   * Takes note of a person that a cell signed in. A racing first sign-in makes one row.
   * @returns `false` for a person who was erased while they signed in
   */
  async ensure(subjectId: string, region: string): Promise<boolean> {
    const rows = await this.#database.query<{ known: boolean }>(
      'select core.ensure_subject($1, $2, $3) as known',
      [this.#tenantId, subjectId, region],
    );
    return rows[0]?.known === true;
  }

  async find(subjectId: string): Promise<Subject | undefined> {
    return this.#database.inTenant(this.#tenantId, (tx) => this.findIn(tx, subjectId));
  }

  async findIn(tx: Queryable, subjectId: string): Promise<Subject | undefined> {
    const rows = await tx.query<{ status: Subject['status']; audit_ref: string }>(
      'select status, audit_ref from core.subjects where tenant_id = $1 and subject_id = $2',
      [this.#tenantId, subjectId],
    );
    return rows[0] && { status: rows[0].status, auditRef: rows[0].audit_ref };
  }

  /** The person's pseudonym at the site, made now if this is their first sign-in there. */
  connect(siteId: string, subjectId: string): Promise<string | undefined> {
    return this.connectIn(this.#database, siteId, subjectId);
  }

  async connectIn(tx: Queryable, siteId: string, subjectId: string): Promise<string | undefined> {
    const rows = await tx.query<{ user_ref: string | null }>(
      'select core.connect_site($1, $2, $3, $4) as user_ref',
      [this.#tenantId, siteId, subjectId, newUserRef()],
    );
    return rows[0]?.user_ref ?? undefined;
  }

  /** Holds the pseudonym until the transaction ends: what is written about it is seen by an erasure. */
  async findUserRef(tx: Queryable, siteId: string, subjectId: string): Promise<string | undefined> {
    const rows = await tx.query<{ user_ref: string }>(
      `select user_ref from core.pairwise_links
       where tenant_id = $1 and site_id = $2 and subject_id = $3 for key share`,
      [this.#tenantId, siteId, subjectId],
    );
    return rows[0]?.user_ref;
  }

  /** The person's pseudonyms at all sites. */
  async userRefs(tx: Queryable, subjectId: string): Promise<string[]> {
    const rows = await tx.query<{ user_ref: string }>(
      'select user_ref from core.pairwise_links where tenant_id = $1 and subject_id = $2',
      [this.#tenantId, subjectId],
    );
    return rows.map((row) => row.user_ref);
  }

  /** Whose pseudonym this is. */
  async findByUserRef(userRef: string): Promise<string | undefined> {
    const rows = await this.#database.inTenant(this.#tenantId, (tx) =>
      tx.query<{ subject_id: string }>(
        'select subject_id from core.pairwise_links where tenant_id = $1 and user_ref = $2',
        [this.#tenantId, userRef],
      ),
    );
    return rows[0]?.subject_id;
  }

  /** Sites where the person has a pseudonym, the most recently used first. */
  async listConnectedSites(subjectId: string): Promise<ConnectedSite[]> {
    const rows = await this.#database.inTenant(this.#tenantId, (tx) =>
      tx.query<{ site_id: string; name: string; origin: string; connected_at: Date; last_sign_in_at: Date }>(
        `select s.site_id, s.name, s.origin, l.connected_at, l.last_sign_in_at
         from core.pairwise_links l join core.sites s using (tenant_id, site_id)
         where l.tenant_id = $1 and l.subject_id = $2 order by l.last_sign_in_at desc`,
        [this.#tenantId, subjectId],
      ),
    );
    return rows.map((row) => ({
      siteId: row.site_id,
      name: row.name,
      origin: row.origin,
      connectedAt: row.connected_at,
      lastSignInAt: row.last_sign_in_at,
    }));
  }
}
