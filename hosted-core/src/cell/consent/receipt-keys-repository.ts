import type { JWK } from 'jose';
import type { Queryable } from '../../database/database.ts';

export interface StoredReceiptKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly sealedPrivateJwk: Buffer;
  readonly retiredAt: Date | null;
}

/** The active one first, then the latest. */
export function listReceiptKeys(tx: Queryable, tenantId: string): Promise<StoredReceiptKey[]> {
  return tx.query<StoredReceiptKey>(
    `select kid, public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk", retired_at as "retiredAt"
     from cell.receipt_keys where tenant_id = $1 order by retired_at desc nulls first, created_at desc`,
    [tenantId],
  );
}

/** @returns `false` when there is an active key already */
export async function insertReceiptKey(
  tx: Queryable,
  row: { tenantId: string; kid: string; publicJwk: JWK; sealedPrivateJwk: Buffer },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into cell.receipt_keys (tenant_id, kid, public_jwk, sealed_private_jwk) values ($1, $2, $3, $4)
     on conflict do nothing returning kid`,
    [row.tenantId, row.kid, JSON.stringify(row.publicJwk), row.sealedPrivateJwk],
  );
  return rows.length === 1;
}

export async function retireReceiptKeys(tx: Queryable, tenantId: string): Promise<void> {
  await tx.query(
    'update cell.receipt_keys set retired_at = now() where tenant_id = $1 and retired_at is null',
    [tenantId],
  );
}
