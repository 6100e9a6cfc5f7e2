import type { Queryable } from '../../../database/database.ts';

export interface Farewell {
  readonly accountRef: string;
  readonly sealedSub: Buffer;
}

/** Accounts still to be deleted there, the oldest first. */
export function nextFarewells(tx: Queryable, tenantId: string, limit: number): Promise<Farewell[]> {
  return tx.query<Farewell>(
    `select account_ref as "accountRef", sealed_sub as "sealedSub" from cell.upstream_farewells
     where tenant_id = $1 order by asked_at, account_ref limit $2`,
    [tenantId, limit],
  );
}

/** @returns `false` when another process was first */
export async function deleteFarewell(tx: Queryable, tenantId: string, accountRef: string): Promise<boolean> {
  const rows = await tx.query(
    'delete from cell.upstream_farewells where tenant_id = $1 and account_ref = $2 returning account_ref',
    [tenantId, accountRef],
  );
  return rows.length === 1;
}
