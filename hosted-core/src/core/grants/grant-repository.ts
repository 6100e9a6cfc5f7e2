import type { Queryable } from '../../database/database.ts';

/** SQL that ends access, and that notes what cells told us. */
export class GrantRepository {
  readonly #tenantId: string;

  constructor(tenantId: string) {
    this.#tenantId = tenantId;
  }

  /** @returns `false` when this notice was taken before */
  async noteOnce(tx: Queryable, eventId: string): Promise<boolean> {
    const rows = await tx.query(
      'insert into core.cell_notices (tenant_id, event_id) values ($1, $2) on conflict do nothing returning event_id',
      [this.#tenantId, eventId],
    );
    return rows.length === 1;
  }

  /** Every code, token and grant of the person at the site is dead when this commits. */
  async revokeSiteAccess(tx: Queryable, siteId: string, subjectId: string): Promise<number> {
    const rows = await tx.query<{ removed: number }>(
      'select core.revoke_site_access($1, $2, $3) as removed',
      [this.#tenantId, siteId, subjectId],
    );
    return rows[0]?.removed ?? 0;
  }
}
