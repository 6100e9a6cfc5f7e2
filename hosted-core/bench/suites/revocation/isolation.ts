import { setTimeout as sleep } from 'node:timers/promises';
import { publishEvent } from '../../../src/core/webhooks/publish-event.ts';
import { newUserRef } from '../../../src/ids/random-ids.ts';
import type { Figure } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { listen, type Stage } from './stage.ts';

const FAILING_SHARE = 0.05;
/** Events that are published together, in one transaction. */
const TOGETHER = 10;
const GIVE_UP_MS = 30_000;

interface Field {
  readonly siteIds: readonly string[];
  /** All that fail in a troubled phase; the first of them hangs. */
  readonly troubled: ReadonlySet<string>;
  readonly sentAt: Map<string, number>;
  readonly times: Map<string, number>;
  isTroubled: boolean;
}

/** The same events to the same sites, with all of them well, and with some failing and one hanging. */
export async function isolationFigure(context: SuiteContext, stage: Stage): Promise<Figure> {
  const { isolationSites, isolationEvents, isolationRate, isolationRounds } = context.pace.revocation;
  const siteIds = await stage.addSites(isolationSites, 'lane');
  const troubled = new Set(siteIds.slice(0, Math.max(2, Math.round(isolationSites * FAILING_SHARE))));
  const field: Field = { siteIds, troubled, sentAt: new Map(), times: new Map(), isTroubled: false };
  const url = await listen(context, (request, response, body) => {
    const siteId = (request.url ?? '').slice(1);
    const { data } = JSON.parse(body) as { data: { user_ref?: string } };
    const userRef = data.user_ref ?? '';
    if (!field.times.has(userRef))
      field.times.set(userRef, performance.now() - (field.sentAt.get(userRef) ?? 0));
    if (!field.isTroubled || !troubled.has(siteId)) response.writeHead(204).end();
    else if (siteId !== siteIds[0]) response.writeHead(500).end();
  });
  for (const siteId of siteIds) await stage.addEndpoint(siteId, `${url}/${siteId}`);
  const well: number[] = [];
  const disturbed: number[] = [];
  for (let round = 0; round < isolationRounds; round += 1) {
    context.note(`isolation, round ${round + 1} of ${isolationRounds}`);
    for (const isTroubled of [false, true]) {
      field.isTroubled = isTroubled;
      (isTroubled ? disturbed : well).push(await phase(context, { stage, field }));
    }
  }
  const ratios = disturbed.map((p99, round) => p99 / (well[round] ?? Number.NaN));
  return {
    definition: {
      ...{ name: 'isolation_p99_ratio', unit: 'ratio', aim: { atMost: 1.1 } },
      meaning:
        'delivery to healthy sites, 99th percentile: with 5 % of the sites failing and one hanging ÷ with all well',
    },
    ...{ value: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) },
    ours: { name: 'with trouble', p50: median(disturbed), p99: Math.max(...disturbed) },
    base: { name: 'all well', p50: median(well), p99: Math.max(...well) },
    details: [
      `${isolationSites} sites × ${isolationEvents} events, ${troubled.size - 1} failing, one hanging, ${isolationRate} events a second`,
    ],
  };
}

/** As many rounds over the sites as there are events, no faster than the machine can deliver: no queue is measured. */
async function phase(
  context: SuiteContext,
  { stage, field }: { stage: Stage; field: Field },
): Promise<number> {
  const { isolationEvents, isolationRate } = context.pace.revocation;
  const healthy: string[] = [];
  const due = Array.from({ length: isolationEvents }, () => field.siteIds).flat();
  const start = performance.now();
  for (let sent = 0; sent < due.length; sent += TOGETHER) {
    context.signal.throwIfAborted();
    await sleep(Math.max(0, start + (sent * 1_000) / isolationRate - performance.now()));
    const events = due.slice(sent, sent + TOGETHER).map((siteId) => ({ siteId, userRef: newUserRef() }));
    await publish(stage, events, field);
    for (const { siteId, userRef } of events) if (!field.troubled.has(siteId)) healthy.push(userRef);
  }
  for (const end = performance.now() + GIVE_UP_MS; performance.now() < end; await sleep(50))
    if (healthy.every((userRef) => field.times.has(userRef))) break;
  return quantile(
    healthy.map((userRef) => field.times.get(userRef) ?? GIVE_UP_MS),
    0.99,
  );
}

async function publish(
  { settings, database }: Stage,
  events: readonly { siteId: string; userRef: string }[],
  field: Field,
): Promise<void> {
  const { tenantId } = settings;
  await database.inTenant(tenantId, async (tx) => {
    const data = { reason: 'revoked_by_site' } as const;
    for (const event of events)
      await publishEvent(tx, { tenantId, ...event, occurredAt: new Date(), type: 'access.revoked', data });
    // The commit is the moment from which on a worker can see them.
    for (const { userRef } of events) field.sentAt.set(userRef, performance.now());
  });
}
