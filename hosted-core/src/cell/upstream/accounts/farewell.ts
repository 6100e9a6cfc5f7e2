import { appendAudit } from '../../../audit/audit-log.ts';
import type { Database } from '../../../database/database.ts';
import type { JobTask } from '../../../jobs/job-queue.ts';
import type { LogtoManagement } from '../management/logto-management.ts';
import { deleteFarewell, nextFarewells } from './farewells-repository.ts';
import type { UpstreamAccounts } from './upstream-accounts.ts';

export interface FarewellDependencies {
  readonly database: Database;
  readonly tenantId: string;
  readonly accounts: Pick<UpstreamAccounts, 'subOf'>;
  /** Absent where this cell may not manage accounts: then they are left, and that is written down. */
  readonly management: Pick<LogtoManagement, 'deleteUser'> | undefined;
}

const BATCH = 20;

/**
 * Deletes the accounts of erased people at Logto. Fails, to be tried again, while Logto is away; the sealed id is
 * forgotten when the account is gone.
 */
export function farewellTask(deps: FarewellDependencies): JobTask {
  const { database, tenantId, accounts, management } = deps;
  return async () => {
    for (;;) {
      const owed = await database.inTenant(tenantId, (tx) => nextFarewells(tx, tenantId, BATCH));
      if (owed.length === 0) return;
      for (const farewell of owed) {
        if (management) await management.deleteUser(accounts.subOf(farewell));
        const action = management ? 'upstream.account_forgotten' : 'upstream.account_left';
        await database.inTenant(tenantId, async (tx) => {
          if (await deleteFarewell(tx, tenantId, farewell.accountRef))
            await appendAudit(tx, 'cell', [{ tenantId, action }]);
        });
      }
    }
  };
}
