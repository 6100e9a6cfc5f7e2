import type { EndpointRow } from '../core/webhooks/endpoint-repository.ts';
import type { tenantConfirmations } from '../core/webhooks/purge-confirmations.ts';
import type { DeliveryRow } from '../core/webhooks/recovery-repository.ts';

export function endpointLine(endpoint: EndpointRow): string {
  const { endpointId, siteId, kind, url, state, disabledReason, failingSince, pending, parked } = endpoint;
  const why = disabledReason ? ` (${disabledReason})` : '';
  const failing = failingSince ? `  failing since ${failingSince.toISOString()}` : '';
  const types = endpoint.eventTypes ? `  only ${endpoint.eventTypes.join(', ')}` : '';
  return `${endpointId}  ${siteId}  ${kind}  ${url ?? '(asks for its events)'}  ${state}${why}  ${pending} waiting, ${parked} given up${failing}${types}\n  public key ${endpoint.publicKey ?? '(none until the secret is rotated)'}`;
}

export function deliveryLines(delivery: DeliveryRow): string {
  const { deliveryId, eventId, type, state, nextAttemptAt, confirmedAt, attempts } = delivery;
  const next = nextAttemptAt ? `, next ${nextAttemptAt.toISOString()}` : '';
  const confirmed = confirmedAt ? `, confirmed ${confirmedAt.toISOString()}` : '';
  const lines = attempts.map(
    (one) =>
      `  ${one.started_at}  ${one.status ?? one.failure}  ${one.latency_ms} ms${one.body_excerpt ? `  ${one.body_excerpt}` : ''}`,
  );
  return [`${deliveryId}  ${type}  ${eventId}  ${state}${next}${confirmed}`, ...lines].join('\n');
}

export function confirmationLine(one: Awaited<ReturnType<typeof tenantConfirmations>>[number]): string {
  const at = one.confirmedAt ? ` ${one.confirmedAt.toISOString()}` : ` (due ${one.dueAt.toISOString()})`;
  return `${one.eventId}  ${one.siteId}  ${one.type}  ${one.state}${at}`;
}
