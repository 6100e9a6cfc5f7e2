import type { ErasureParticipant } from '../../../erasure/erasure-participant.ts';
import { addJob } from '../../../jobs/job-queue.ts';

export const FAREWELL_TASK = 'upstream-farewell';

/**
 * The person's account at the upstream. Its sealed id goes to the farewells, from where the account is deleted there,
 * by itself and however long that service is away; nothing in a farewell leads back to the person.
 */
export const upstreamParticipant: ErasureParticipant = {
  tables: ['cell.upstream_accounts', 'cell.upstream_sessions', 'cell.upstream_pages'],

  async exportSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    return {
      'cell.upstream_accounts': await tx.query<object>(
        `select state, linked_at, checked_at from cell.upstream_accounts where tenant_id = $1 and subject_id = $2`,
        key,
      ),
      'cell.upstream_pages': await tx.query<object>(
        `select round_id, page from cell.upstream_pages where tenant_id = $1 and subject_ids @> array[$2::uuid]`,
        key,
      ),
      'cell.upstream_sessions': await tx.query<object>(
        `select sid_hash is not null as with_session, sealed_refresh_token is not null as with_token
         from cell.upstream_sessions where tenant_id = $1 and subject_id = $2`,
        key,
      ),
    };
  },

  async eraseSubject(tx, { tenantId, subjectId }) {
    const key = [tenantId, subjectId];
    const owed = await tx.query(
      `insert into cell.upstream_farewells (tenant_id, account_ref, sealed_sub)
       select tenant_id, account_ref, sealed_sub from cell.upstream_accounts
       where tenant_id = $1 and subject_id = $2 and state <> 'deleted' on conflict do nothing returning account_ref`,
      key,
    );
    await tx.query(
      `update cell.upstream_pages set subject_ids = array_remove(subject_ids, $2::uuid)
       where tenant_id = $1 and subject_ids @> array[$2::uuid]`,
      key,
    );
    for (const table of ['upstream_sessions', 'upstream_accounts'])
      await tx.query(`delete from cell.${table} where tenant_id = $1 and subject_id = $2`, key);
    if (owed.length > 0)
      await addJob(tx, 'cell_jobs', {
        task: FAREWELL_TASK,
        payload: { tenantId },
        key: `${FAREWELL_TASK}/${tenantId}`,
        maxAttempts: 1_000,
      });
  },
};
