import { setTimeout as sleep } from 'node:timers/promises';
import { publishEvent } from '../../../src/core/webhooks/publish-event.ts';
import { newUserRef } from '../../../src/ids/random-ids.ts';
import type { Figure } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { listen, type Stage } from './stage.ts';

const FAILING_SHARE = 0.05;
const ROUNDS = 3;
/** Slower than the machine can deliver: what is measured is the way, not a queue. */
const EVENTS_A_SECOND = 40;
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
  const { isolationSites, isolationEvents } = context.pace.revocation;
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
  for (let round = 0; round < ROUNDS; round += 1) {
    context.note(`isolation, round ${round + 1} of ${ROUNDS}`);
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
      `${isolationSites} sites × ${isolationEvents} events, ${troubled.size - 1} failing, one hanging, ${EVENTS_A_SECOND} events a second`,
    ],
  };
}

async function phase(
  context: SuiteContext,
  { stage, field }: { stage: Stage; field: Field },
): Promise<number> {
  const { isolationEvents } = context.pace.revocation;
  const { tenantId } = stage.settings;
  const healthy: string[] = [];
  const start = performance.now();
  let count = 0;
  for (let event = 0; event < isolationEvents; event += 1)
    for (const siteId of field.siteIds) {
      context.signal.throwIfAborted();
      await sleep(Math.max(0, start + (count * 1_000) / EVENTS_A_SECOND - performance.now()));
      count += 1;
      const userRef = newUserRef();
      if (!field.troubled.has(siteId)) healthy.push(userRef);
      field.sentAt.set(userRef, performance.now());
      await stage.database.inTenant(tenantId, (tx) =>
        publishEvent(tx, {
          ...{ tenantId, siteId, occurredAt: new Date(), type: 'access.revoked', userRef },
          data: { reason: 'revoked_by_site' as const },
        }),
      );
    }
  for (const end = performance.now() + GIVE_UP_MS; performance.now() < end; await sleep(50))
    if (healthy.every((userRef) => field.times.has(userRef))) break;
  return quantile(
    healthy.map((userRef) => field.times.get(userRef) ?? GIVE_UP_MS),
    0.99,
  );
}
