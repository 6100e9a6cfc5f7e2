import { appendAudit } from '../../../audit/audit-log.ts';
import { scheduleSync } from '../accounts/sync-account.ts';
import { countMissing, missingAccounts } from './pages-repository.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { finishRound, type Round } from './rounds-repository.ts';

const FEW = 10;
const SHARE = 0.02;
const BATCH = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Ends a round: who was on no page is looked up by themselves before anything happens, since pages shift while they
 * are read. Too many at once are held until the operator agrees to so many.
 */
export async function followMissing(
  deps: Pick<ReconcileDependencies, 'database' | 'tenantId' | 'now'>,
  round: Round,
): Promise<void> {
  const { database, tenantId, now } = deps;
  const count = await database.inTenant(tenantId, (tx) => countMissing(tx, tenantId, round));
  const { missing } = count;
  const held = tooMany(count) && missing > (round.mayDelete ?? 0);
  if (!held && missing > 0) await lookUp(deps, round);
  await database.inTenant(tenantId, async (tx) => {
    await finishRound(tx, tenantId, { roundId: round.roundId, missing, held, now: now() });
    const { requests, users, changed, suspended } = round;
    const data = { requests, users, changed, suspended, deleted: held ? 0 : missing, held };
    await appendAudit(tx, 'cell', [
      ...(held
        ? [{ tenantId, action: 'upstream.deletions_held' as const, data: { missing, of: count.all } }]
        : []),
      { tenantId, action: 'upstream.reconciled', data },
    ]);
  });
}

/** So many missing accounts are rather a Logto that was restored, or another one, than people who left. */
function tooMany({ missing, all }: { missing: number; all: number }): boolean {
  return missing > Math.max(FEW, all * SHARE);
}

/** A crash in between does it again; the jobs have names of their own. */
async function lookUp(
  { database, tenantId }: Pick<ReconcileDependencies, 'database' | 'tenantId'>,
  round: Round,
): Promise<void> {
  for (let after: string | undefined = BEFORE_ALL; after !== undefined; ) {
    const wish = { round, after, limit: BATCH };
    const subjectIds: string[] = await database.inTenant(tenantId, async (tx) => {
      const found = await missingAccounts(tx, tenantId, wish);
      for (const subjectId of found) await scheduleSync(tx, { tenantId, subjectId, cause: 'reconciliation' });
      return found;
    });
    after = subjectIds.length < BATCH ? undefined : subjectIds.at(-1);
  }
}
