import { addJob, type JobTask } from '../jobs/job-queue.ts';
import { CORE_NOTICE_TASK, type ConsentDependencies, coreNoticeTask } from './consent/consent-notice.ts';
import { DISCONNECT_TASK, disconnectTask } from './consent/disconnect-site.ts';
import { expireConsents } from './consent/withdraw-consent.ts';
import { deleteExpired } from './interactions/interactions-repository.ts';
import { eraseExpiredHints } from './interactions/login-hints-repository.ts';
import { deleteOldChanges, KEEP_CHANGES_MS } from './own-data/attribute-changes-repository.ts';
import { type DeleteAccountDependencies, deleteDue } from './own-data/delete-account.ts';
import { ATTRIBUTES_CHANGED_TASK, attributesChangedTask } from './own-data/note-change.ts';
import { deleteOldSignIns, KEEP_SIGN_INS_MS } from './people/sign-ins-repository.ts';
import { endWindows } from './sealed-attributes/end-windows.ts';
import type { AttributeCatalogue } from './vault/attribute-catalogue.ts';

const HOUSEKEEPING_TASK = 'cell-housekeeping';
const EVERY_MS = 60_000;
/** For a day, a late visitor is told that the page has expired rather than that it never was. */
const KEEP_MS = 86_400_000;

export interface HousekeepingOptions extends ConsentDependencies {
  readonly tenantId: string;
  readonly erase: DeleteAccountDependencies['erase'];
  readonly catalogue: Pick<AttributeCatalogue, 'list'>;
}

/** The jobs of the queue `cell_jobs` that consent and pages need. */
export function cellTasks(options: HousekeepingOptions): Record<string, JobTask> {
  return {
    [CORE_NOTICE_TASK]: coreNoticeTask(options),
    [DISCONNECT_TASK]: disconnectTask(options),
    [ATTRIBUTES_CHANGED_TASK]: attributesChangedTask(options),
    [HOUSEKEEPING_TASK]: async () => {
      await keepHouse(options);
      await deleteDue(options, options.tenantId);
      await scheduleHousekeeping(options);
    },
  };
}

/** Makes sure that the next round is due within a minute; any number of processes may call this. */
export async function scheduleHousekeeping({
  database,
}: Pick<HousekeepingOptions, 'database'>): Promise<void> {
  const runAt = new Date(Date.now() + EVERY_MS);
  await addJob(database, 'cell_jobs', {
    task: HOUSEKEEPING_TASK,
    payload: {},
    key: HOUSEKEEPING_TASK,
    runAt,
  });
}

/** Ends consents whose time is over, and forgets pages that nobody will come back to. */
export async function keepHouse(options: ConsentDependencies & { readonly tenantId: string }): Promise<void> {
  const { database, tenantId, now } = options;
  while ((await expireConsents(options, tenantId)) > 0);
  await endWindows(options);
  await database.inTenant(tenantId, async (tx) => {
    await eraseExpiredHints(tx, { tenantId, now: now() });
    await deleteExpired(tx, { tenantId, before: new Date(now().getTime() - KEEP_MS) });
    await deleteOldSignIns(tx, { tenantId, before: new Date(now().getTime() - KEEP_SIGN_INS_MS) });
    await deleteOldChanges(tx, { tenantId, before: new Date(now().getTime() - KEEP_CHANGES_MS) });
  });
}
