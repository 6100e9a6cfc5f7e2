import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { type DeliveryId, scheduleDelivery } from './delivery-job.ts';
import { restartDelivery } from './delivery-repository.ts';

/**
 * Sends an event again, whatever became of it, with its `webhook-id` and body kept and the schedule begun
 * anew.
 * @throws UserrefError `not_found`, `conflict` when the endpoint is disabled
 */
export async function replayDelivery(database: Database, id: DeliveryId): Promise<void> {
  await database.inTenant(id.tenantId, async (tx) => {
    const restarted = await restartDelivery(tx, id);
    if (restarted === undefined) throw new UserrefError('not_found');
    if (restarted.endpointState !== 'enabled') {
      throw new UserrefError('conflict', { detail: 'The endpoint of this event is disabled.' });
    }
    await scheduleDelivery(tx, id);
    const { siteId, eventId } = restarted;
    await appendAudit(tx, 'core', [
      { tenantId: id.tenantId, siteId, action: 'webhook.replayed', data: { event_id: eventId } },
    ]);
  });
}
