import type { Queryable } from '../../../database/database.ts';

/** @returns `false` when this was taken before */
export async function takeOnce(
  tx: Queryable,
  delivery: { tenantId: string; sha256: Buffer; receivedAt: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into cell.upstream_deliveries (tenant_id, delivery_sha256, received_at) values ($1, $2, $3)
     on conflict do nothing returning received_at`,
    [delivery.tenantId, delivery.sha256, delivery.receivedAt],
  );
  return rows.length === 1;
}

export async function deleteOldDeliveries(
  tx: Queryable,
  { tenantId, before }: { tenantId: string; before: Date },
): Promise<void> {
  await tx.query('delete from cell.upstream_deliveries where tenant_id = $1 and received_at < $2', [
    tenantId,
    before,
  ]);
}
