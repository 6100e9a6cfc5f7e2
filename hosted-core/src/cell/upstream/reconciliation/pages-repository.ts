import type { Queryable } from '../../../database/database.ts';
import type { AccountIndex, AccountState } from '../accounts/upstream-accounts-repository.ts';
import type { Round } from './rounds-repository.ts';

/** An account of ours on a page of users there. */
export interface ComparedAccount {
  /** Its place in the list of indexes. */
  readonly number: number;
  readonly subjectId: string;
  readonly auditRef: string;
  readonly state: AccountState;
  readonly profileHash: string | null;
  /** Unix milliseconds. */
  readonly changedThere: number | null;
  readonly kept: boolean;
}

/** Notes who was on the page of the round, and answers with the accounts: one statement a page. */
export async function comparePage(
  db: Queryable,
  tenantId: string,
  { roundId, page, indexes }: { roundId: string; page: number; indexes: readonly AccountIndex[] },
): Promise<ComparedAccount[]> {
  return db.query<ComparedAccount>(
    `select number, subject_id as "subjectId", audit_ref as "auditRef", state, profile_hash as "profileHash",
       changed_there::float8 as "changedThere", kept
     from cell.compare_page($1, $2, $3, $4, $5, $6)`,
    [
      ...[tenantId, roundId, page],
      indexes.map(({ number }) => number),
      indexes.map(({ version }) => version),
      indexes.map(({ hmac }) => hmac),
    ],
  );
}

const SEEN = 'select unnest(subject_ids) from cell.upstream_pages where tenant_id = $1 and round_id = $2';
const OURS = `tenant_id = $1 and state <> 'deleted'`;

/** How many accounts were on no page of this round, of how many. */
export async function countMissing(
  tx: Queryable,
  tenantId: string,
  round: Pick<Round, 'roundId' | 'startedAt'>,
): Promise<{ missing: number; all: number }> {
  const [row] = await tx.query<{ missing: number; all: number }>(
    `select count(*) filter (where linked_at < $3 and subject_id not in (${SEEN}))::int as missing,
       count(*)::int as all
     from cell.upstream_accounts where ${OURS}`,
    [tenantId, round.roundId, round.startedAt],
  );
  return row ?? { missing: 0, all: 0 };
}

/** In the order of their ids, after `after`. */
export async function missingAccounts(
  tx: Queryable,
  tenantId: string,
  wish: { round: Pick<Round, 'roundId' | 'startedAt'>; after: string; limit: number },
): Promise<string[]> {
  const { round, after, limit } = wish;
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from cell.upstream_accounts
     where ${OURS} and linked_at < $3 and subject_id > $4 and subject_id not in (${SEEN})
     order by subject_id limit $5`,
    [tenantId, round.roundId, round.startedAt, after, limit],
  );
  return rows.map((row) => row.subject_id);
}
