import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { listEndpointRows } from '../webhooks/endpoint-repository.ts';
import { sendTestEvent } from '../webhooks/recover-deliveries.ts';
import { listDeliveries } from '../webhooks/recovery-repository.ts';
import { authenticateSite } from './authenticate-site.ts';
import { describeSite, type OwnSiteOptions } from './site-description.ts';

const EVENT_ID = /^evt_[a-z2-7]{26}$/;
const TEST_PAUSE_MS = 2_000;
/** The deliveries of a test are among a site's latest. */
const LATEST = 50;

/**
 * What a site may know and try of itself: its registration (`GET /v1/site`), a test event to each of its
 * endpoints (`POST /v1/site/test-events`), and how that went (`GET /v1/site/deliveries?event_id=…`).
 */
export async function ownSiteRoutes(app: FastifyInstance, options: OwnSiteOptions): Promise<void> {
  const lastTests = new Map<string, number>();
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));

  app.get('/v1/site', async (request, reply) =>
    describeSite(options, await authenticateSite(request, reply, options)),
  );

  app.post('/v1/site/test-events', async (request, reply) => {
    const siteId = await authenticateSite(request, reply, options);
    limitTests(lastTests, siteId);
    return reply.code(202).send({ events: await sendTestEvents(options, siteId) });
  });

  app.get<{ Querystring: { event_id?: string } }>('/v1/site/deliveries', async (request, reply) => {
    const siteId = await authenticateSite(request, reply, options);
    const eventId = request.query.event_id ?? '';
    if (!EVENT_ID.test(eventId)) throw new UserrefError('not_found');
    return { deliveries: await deliveriesOf(options, { siteId, eventId }) };
  });
}

function limitTests(lastTests: Map<string, number>, siteId: string): void {
  const now = Date.now();
  for (const [site, at] of lastTests) if (now - at >= TEST_PAUSE_MS) lastTests.delete(site);
  if (lastTests.has(siteId)) throw new UserrefError('rate_limited', { retryAfterSeconds: 2 });
  lastTests.set(siteId, now);
}

async function sendTestEvents({ database, tenantId }: OwnSiteOptions, siteId: string) {
  const rows = await database.inTenant(tenantId, (tx) => listEndpointRows(tx, { tenantId, siteId }));
  const testable = rows.filter(({ kind, state }) => kind === 'events' && state !== 'disabled');
  const events: { event_id: string; endpoint_id: string }[] = [];
  for (const { endpointId } of testable) {
    events.push({
      event_id: await sendTestEvent(database, { tenantId, endpointId }),
      endpoint_id: endpointId,
    });
  }
  return events;
}

async function deliveriesOf(
  { database, tenantId }: { database: Database; tenantId: string },
  { siteId, eventId }: { siteId: string; eventId: string },
) {
  const rows = await database.inTenant(tenantId, (tx) =>
    listDeliveries(tx, { tenantId, siteId, limit: LATEST }),
  );
  return rows
    .filter((row) => row.eventId === eventId)
    .map(({ endpointId, state, attempts }) => ({
      endpoint_id: endpointId,
      state,
      attempts: attempts.map(({ started_at, latency_ms, status, failure }) => ({
        ...{ started_at, latency_ms, status, failure },
      })),
    }));
}
