import type { ErasureParticipant } from '../../erasure/erasure-participant.ts';
import type { CoreSubject } from '../erasure/core-subject.ts';

/**
 * Events about the person and every attempt to deliver them, told or not: the `subject.erased` that follows
 * says more than all of them.
 */
export const webhooksParticipant: ErasureParticipant<CoreSubject> = {
  tables: ['core.webhook_events', 'core.webhook_deliveries'],

  async exportSubject(tx, { tenantId, userRefs }) {
    const events = await tx.query<object>(
      `select event_id, site_id, type, occurred_at from core.webhook_events
       where tenant_id = $1 and user_ref = any ($2) order by occurred_at`,
      [tenantId, userRefs],
    );
    const deliveries = await tx.query<object>(
      `select d.event_id, d.state, d.attempts, d.finished_at from core.webhook_deliveries d
       join core.webhook_events e using (tenant_id, event_id)
       where d.tenant_id = $1 and e.user_ref = any ($2) order by d.sequence`,
      [tenantId, userRefs],
    );
    return { 'core.webhook_events': events, 'core.webhook_deliveries': deliveries };
  },

  async eraseSubject(tx, { tenantId, userRefs }) {
    const events = await tx.query<{ event_id: string }>(
      'select event_id from core.webhook_events where tenant_id = $1 and user_ref = any ($2)',
      [tenantId, userRefs],
    );
    await deleteEvents(
      tx,
      tenantId,
      events.map((one) => one.event_id),
    );
  },
};

/** Deletes events with their deliveries and attempts. A worker that is just sending one finds nothing to note. */
export async function deleteEvents(
  tx: Parameters<ErasureParticipant['eraseSubject']>[0],
  tenantId: string,
  eventIds: readonly string[],
): Promise<void> {
  await tx.query(
    `select delivery_id from core.webhook_deliveries
     where tenant_id = $1 and event_id = any ($2) order by sequence for update`,
    [tenantId, eventIds],
  );
  await tx.query(
    `delete from core.webhook_attempts a using core.webhook_deliveries d
     where d.tenant_id = $1 and d.event_id = any ($2) and a.tenant_id = $1 and a.delivery_id = d.delivery_id`,
    [tenantId, eventIds],
  );
  for (const table of ['webhook_deliveries', 'webhook_events'])
    await tx.query(`delete from core.${table} where tenant_id = $1 and event_id = any ($2)`, [
      tenantId,
      eventIds,
    ]);
}
