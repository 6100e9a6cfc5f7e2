import type { Database } from '../../database/database.ts';

const PEOPLE_AT_A_TIME = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Everybody who is not erased, some at a time. */
export async function* peopleAfter(database: Database, tenantId: string): AsyncGenerator<string[]> {
  let after = BEFORE_ALL;
  for (;;) {
    const rows = await database.inTenant(tenantId, (tx) =>
      tx.query<{ subject_id: string }>(
        `select subject_id from cell.people
         where tenant_id = $1 and status <> 'erased' and subject_id > $2 order by subject_id limit $3`,
        [tenantId, after, PEOPLE_AT_A_TIME],
      ),
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.subject_id;
    yield rows.map((row) => row.subject_id);
  }
}
