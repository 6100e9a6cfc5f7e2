import type { Queryable } from '../../database/database.ts';
import type { InteractionKey } from './interactions-repository.ts';

export async function eraseHint(tx: Queryable, { tenantId, interactionHash }: InteractionKey): Promise<void> {
  await tx.query(
    `update cell.interactions set request = request - 'sealedHint'
     where tenant_id = $1 and interaction_hash = $2`,
    [tenantId, interactionHash],
  );
}

/** Hints of pages that nobody opened. */
export async function eraseExpiredHints(
  tx: Queryable,
  { tenantId, now }: { tenantId: string; now: Date },
): Promise<void> {
  await tx.query(
    `update cell.interactions set request = request - 'sealedHint'
     where tenant_id = $1 and expires_at <= $2 and request ? 'sealedHint'`,
    [tenantId, now],
  );
}
