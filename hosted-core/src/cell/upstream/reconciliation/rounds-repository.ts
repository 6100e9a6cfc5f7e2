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
  /** Accounts that were on no page. */
  readonly missing: number;
  readonly deleted: number;
  readonly held: boolean;
  /** So many missing accounts the operator has agreed to follow; `null` when they were not asked. */
  readonly mayDelete: number | null;
  readonly finishedAt: Date | null;
}

const ROUND = `round_id as "roundId", started_at as "startedAt", next_page as "nextPage", requests, users, changed,
  suspended, missing, deleted, held, may_delete as "mayDelete", finished_at as "finishedAt"`;

/** The round that is under way; a new one when there is none. */
export async function openRound(tx: Queryable, tenantId: string, now: Date): Promise<Round> {
  await tx.query(
    `insert into cell.upstream_rounds (tenant_id, started_at)
     select $1, $2 where not exists (
       select 1 from cell.upstream_rounds where tenant_id = $1 and finished_at is null)
     on conflict do nothing`,
    [tenantId, now],
  );
  const round = await roundUnderWay(tx, tenantId);
  if (!round) throw new Error('no round is open');
  return round;
}

export async function roundUnderWay(tx: Queryable, tenantId: string): Promise<Round | undefined> {
  const [round] = await tx.query<Round>(
    `select ${ROUND} from cell.upstream_rounds where tenant_id = $1 and finished_at is null`,
    [tenantId],
  );
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

/** Lets the round that is open follow so many missing accounts. */
export async function agreeToDeletions(
  tx: Queryable,
  tenantId: string,
  { roundId, upTo }: { roundId: string; upTo: number },
): Promise<void> {
  await tx.query(
    `update cell.upstream_rounds set may_delete = $3
     where tenant_id = $1 and round_id = $2 and finished_at is null`,
    [tenantId, roundId, upTo],
  );
}

/** Up to when failed deliveries were read in an earlier round; `undefined` when they never were. */
export async function deliveriesReadUntil(tx: Queryable, tenantId: string): Promise<Date | undefined> {
  const [row] = await tx.query<{ until: Date | null }>(
    'select max(deliveries_until) as until from cell.upstream_rounds where tenant_id = $1',
    [tenantId],
  );
  return row?.until ?? undefined;
}

export async function saveDeliveriesRead(
  tx: Queryable,
  tenantId: string,
  { roundId, until, requests }: { roundId: string; until: Date; requests: number },
): Promise<void> {
  await tx.query(
    `update cell.upstream_rounds set deliveries_until = $3, requests = requests + $4
     where tenant_id = $1 and round_id = $2`,
    [tenantId, roundId, until, requests],
  );
}

export interface PageResult {
  readonly nextPage: number | null;
  readonly requests: number;
  readonly users: number;
  readonly changed: number;
  readonly suspended: number;
}

/** Adds up what a page brought and goes on to the next; only from the page that was read. */
export async function advanceRound(
  tx: Queryable,
  tenantId: string,
  round: Pick<Round, 'roundId' | 'nextPage'>,
  step: PageResult,
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

const KEEP_ROUNDS_MS = 30 * 86_400_000;

/** Ends the round, and forgets its pages and the rounds of long ago. */
export async function finishRound(
  tx: Queryable,
  tenantId: string,
  end: { roundId: string; missing: number; held: boolean; now: Date },
): Promise<void> {
  const { roundId, missing, held, now } = end;
  await tx.query(
    `update cell.upstream_rounds set finished_at = $3, missing = $4, deleted = $5, held = $6
     where tenant_id = $1 and round_id = $2`,
    [tenantId, roundId, now, missing, held ? 0 : missing, held],
  );
  await tx.query('delete from cell.upstream_pages where tenant_id = $1 and round_id <= $2', [
    tenantId,
    roundId,
  ]);
  await tx.query(
    'delete from cell.upstream_rounds where tenant_id = $1 and round_id < $2 and finished_at < $3',
    [tenantId, roundId, new Date(now.getTime() - KEEP_ROUNDS_MS)],
  );
}
