import type { Queryable } from '../../../database/database.ts';

export interface Round {
  readonly roundId: string;
  readonly startedAt: Date;
  /** `null` when the whole list was read. */
  readonly nextPage: number | null;
  readonly requests: number;
  readonly users: number;
  readonly changed: number;
  readonly suspended: number;
  readonly deleted: number;
  readonly held: boolean;
  readonly finishedAt: Date | null;
}

const ROUND = `round_id as "roundId", started_at as "startedAt", next_page as "nextPage", requests, users, changed,
  suspended, deleted, held, finished_at as "finishedAt"`;

/** The round that is under way; a new one when there is none. */
export async function openRound(tx: Queryable, tenantId: string, now: Date): Promise<Round> {
  await tx.query(
    `insert into cell.upstream_rounds (tenant_id, started_at)
     select $1, $2 where not exists (
       select 1 from cell.upstream_rounds where tenant_id = $1 and finished_at is null)
     on conflict do nothing`,
    [tenantId, now],
  );
  const [round] = await tx.query<Round>(
    `select ${ROUND} from cell.upstream_rounds where tenant_id = $1 and finished_at is null`,
    [tenantId],
  );
  if (!round) throw new Error('no round is open');
  return round;
}

export async function lastFinishedRound(tx: Queryable, tenantId: string): Promise<Round | undefined> {
  const [round] = await tx.query<Round>(
    `select ${ROUND} from cell.upstream_rounds where tenant_id = $1 and finished_at is not null
     order by round_id desc limit 1`,
    [tenantId],
  );
  return round;
}

/** Adds up what a page brought and goes on to the next; only from the page that was read. */
export async function advanceRound(
  tx: Queryable,
  tenantId: string,
  round: Pick<Round, 'roundId' | 'nextPage'>,
  step: { nextPage: number | null; requests: number; users: number; changed: number; suspended: number },
): Promise<void> {
  await tx.query(
    `update cell.upstream_rounds set next_page = $4, requests = requests + $5, users = users + $6,
       changed = changed + $7, suspended = suspended + $8
     where tenant_id = $1 and round_id = $2 and next_page = $3`,
    [
      ...[tenantId, round.roundId, round.nextPage, step.nextPage],
      ...[step.requests, step.users, step.changed, step.suspended],
    ],
  );
}

export async function finishRound(
  tx: Queryable,
  tenantId: string,
  { roundId, deleted, held, now }: { roundId: string; deleted: number; held: boolean; now: Date },
): Promise<void> {
  await tx.query(
    `update cell.upstream_rounds set finished_at = $3, deleted = $4, held = $5
     where tenant_id = $1 and round_id = $2`,
    [tenantId, roundId, now, deleted, held],
  );
}

/** These accounts were on a page of this round. */
export async function markSeen(
  tx: Queryable,
  tenantId: string,
  { roundId, subjectIds }: { roundId: string; subjectIds: readonly string[] },
): Promise<void> {
  await tx.query(
    `update cell.upstream_accounts set seen_in_run = $2, checked_at = now()
     where tenant_id = $1 and subject_id = any ($3::uuid[])`,
    [tenantId, roundId, subjectIds],
  );
}

const MISSING = `tenant_id = $1 and state <> 'deleted' and linked_at < $3
  and (seen_in_run is null or seen_in_run <> $2::bigint)`;

/** How many accounts were on no page of this round, of how many. */
export async function countMissing(
  tx: Queryable,
  tenantId: string,
  round: Pick<Round, 'roundId' | 'startedAt'>,
): Promise<{ missing: number; all: number }> {
  const [row] = await tx.query<{ missing: number; all: number }>(
    `select count(*) filter (where ${MISSING})::int as missing, count(*)::int as all
     from cell.upstream_accounts where tenant_id = $1 and state <> 'deleted'`,
    [tenantId, round.roundId, round.startedAt],
  );
  return row ?? { missing: 0, all: 0 };
}

export async function missingAccounts(
  tx: Queryable,
  tenantId: string,
  { round, limit }: { round: Pick<Round, 'roundId' | 'startedAt'>; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from cell.upstream_accounts where ${MISSING} order by subject_id limit $4`,
    [tenantId, round.roundId, round.startedAt, limit],
  );
  return rows.map((row) => row.subject_id);
}
