import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import type { AttemptOutcome } from './attempt-delivery.ts';
import { disableEndpoint, holdEndpoint, noteFailure, noteSuccess } from './endpoint-repository.ts';
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

/**
 * Takes the endpoint's row, and note of how it did: a failure takes it back to one delivery at a time, 72
 * hours of nothing else disable it.
 */
export async function noteOutcome(tx: Queryable, endpoint: Endpoint, outcome: AttemptOutcome): Promise<void> {
  await holdEndpoint(tx, endpoint);
  const isSlow = outcome.latencyMs > SLOW_MS;
  if (outcome.kind === 'delivered') return noteSuccess(tx, { ...endpoint, isSlow });
  if (outcome.kind === 'gone') return disableFailing(tx, endpoint, 'gone');
  const failingMs = await noteFailure(tx, { ...endpoint, isSlow });
  if (failingMs >= DISABLE_AFTER_MS) await disableFailing(tx, endpoint, 'failing');
}

/** Disables it, and says so: in the audit log, to the site's other endpoints and in its feed of events. */
async function disableFailing(
  tx: Queryable,
  { tenantId, siteId, endpointId }: Endpoint,
  reason: 'gone' | 'failing',
): Promise<void> {
  if (!(await disableEndpoint(tx, { tenantId, endpointId, reason }))) return;
  const data = { endpoint_id: endpointId, reason };
  await appendAudit(tx, 'core', [{ tenantId, siteId, action: 'webhook.endpoint_disabled', data }]);
  await publishEvent(tx, { tenantId, siteId, type: 'endpoint.disabled', data, occurredAt: new Date() });
}
