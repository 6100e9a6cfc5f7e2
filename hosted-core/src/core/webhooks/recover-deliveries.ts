import { appendAudit } from '../../audit/audit-log.ts';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { scheduleDelivery } from './delivery-job.ts';
import { publishEvent } from './publish-event.ts';
import { findEndpoint, restartFailed } from './recovery-repository.ts';

interface EndpointId {
  readonly tenantId: string;
  readonly endpointId: string;
}

/**
 * Sends again everything since then that the endpoint did not get: given up, or published while it was
 * disabled. `webhook-id` and body stay.
 * @returns how many deliveries begin
 * @throws UserrefError `not_found`, `conflict` when the endpoint is not enabled
 */
export async function recoverDeliveries(
  database: Database,
  { tenantId, endpointId, since }: EndpointId & { since: Date },
): Promise<number> {
  return database.inTenant(tenantId, async (tx) => {
    const endpoint = await findEndpoint(tx, { tenantId, endpointId });
    if (!endpoint) throw new UserrefError('not_found');
    if (endpoint.state !== 'enabled') {
      throw new UserrefError('conflict', { detail: 'Resume the endpoint first.' });
    }
    const deliveryIds = await restartFailed(tx, { tenantId, endpointId, since });
    for (const deliveryId of deliveryIds) await scheduleDelivery(tx, { tenantId, deliveryId });
    const data = { endpoint_id: endpointId, deliveries: deliveryIds.length };
    const { siteId } = endpoint;
    await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.recovered', data }]);
    return deliveryIds.length;
  });
}

/** Sends `endpoint.test` to this endpoint alone. @returns the `webhook-id` */
export async function sendTestEvent(
  database: Database,
  { tenantId, endpointId }: EndpointId,
): Promise<string> {
  return database.inTenant(tenantId, async (tx) => {
    const endpoint = await findEndpoint(tx, { tenantId, endpointId });
    if (!endpoint) throw new UserrefError('not_found');
    if (endpoint.kind !== 'events' || endpoint.state === 'disabled') {
      throw new UserrefError('conflict', { detail: 'Only an endpoint that takes events can be tested.' });
    }
    const event = { type: 'endpoint.test', data: {}, occurredAt: new Date() } as const;
    return publishEvent(tx, { tenantId, siteId: endpoint.siteId, endpointId, ...event });
  });
}
