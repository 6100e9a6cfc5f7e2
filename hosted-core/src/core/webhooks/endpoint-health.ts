import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import type { AttemptOutcome } from './attempt-delivery.ts';
import { disableEndpoint, noteFailure, noteSuccess } from './endpoint-repository.ts';
import { publishEvent } from './publish-event.ts';

/** An endpoint that has failed all this time, without one success, is disabled. */
export const DISABLE_AFTER_MS = 72 * 3_600_000;
/** An answer that takes longer makes its endpoint a slow one. */
const SLOW_MS = 3_000;

interface Endpoint {
  readonly tenantId: string;
  readonly siteId: string;
  readonly endpointId: string;
}

/** Takes note of how the endpoint did; a failure takes it back to one delivery at a time. */
export async function noteEndpoint(
  tx: Queryable,
  endpoint: Endpoint,
  outcome: AttemptOutcome,
): Promise<{ hasFailedTooLong: boolean }> {
  const isSlow = outcome.latencyMs > SLOW_MS;
  if (outcome.kind === 'delivered') {
    await noteSuccess(tx, { ...endpoint, isSlow });
    return { hasFailedTooLong: false };
  }
  const failingMs = await noteFailure(tx, { ...endpoint, isSlow });
  return { hasFailedTooLong: failingMs >= DISABLE_AFTER_MS };
}

/** Disables it, and says so: in the audit log, to the site's other endpoints and in its feed of events. */
export async function disableFailing(
  tx: Queryable,
  { tenantId, siteId, endpointId }: Endpoint,
  reason: 'gone' | 'failing',
): Promise<void> {
  if (!(await disableEndpoint(tx, { tenantId, endpointId, reason }))) return;
  const data = { endpoint_id: endpointId, reason };
  await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_disabled', data }]);
  await publishEvent(tx, { tenantId, siteId, type: 'endpoint.disabled', data, occurredAt: new Date() });
}
