import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TourEvent, TourStep } from './tour/tour-event.ts';
import type { Witness } from './witness.ts';

export interface TourEventsOptions {
  readonly adminDatabaseUrl: string;
  /** Client ids of shop A and shop B. */
  readonly sites: readonly [string, string];
  readonly witness: Witness;
}

interface Row {
  readonly half: 'core' | 'cell';
  readonly entry_id: string;
  readonly action: string;
  readonly site_id: string | null;
  readonly data: { attributes?: string[]; attribute?: string; type?: string };
  readonly occurred_at: Date;
}

const POLL_MS = 250;

/** Turns the audit logs of core and cell, as they grow, into steps of the tour. Nothing is staged. */
export function followAuditLog(options: TourEventsOptions) {
  const events = new EventEmitter<{ step: [TourEvent] }>();
  const stop = new AbortController();
  const done = follow(options, events, stop.signal);
  return {
    events,
    async close() {
      stop.abort();
      await done;
    },
  };
}

async function follow(
  options: TourEventsOptions,
  events: EventEmitter<{ step: [TourEvent] }>,
  signal: AbortSignal,
) {
  const pool = new pg.Pool({ connectionString: options.adminDatabaseUrl, max: 1 });
  pool.on('error', () => {});
  const seen = { core: '0', cell: '0' };
  while (!signal.aborted) {
    const rows = await newRows(pool, seen).catch(() => [] as Row[]);
    for (const row of rows) {
      seen[row.half] = row.entry_id;
      for (const event of await toSteps(row, options)) events.emit('step', event);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  await pool.end();
}

async function newRows(pool: pg.Pool, seen: { core: string; cell: string }): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select 'core' as half, entry_id, action, site_id, data, occurred_at from core.audit_events where entry_id > $1
     union all
     select 'cell', entry_id, action, site_id, data, occurred_at from cell.audit_events where entry_id > $2
     order by occurred_at, entry_id limit 500`,
    [seen.core, seen.cell],
  );
  return rows;
}

async function toSteps(
  row: Row,
  { sites: [shopA, shopB], witness }: TourEventsOptions,
): Promise<TourEvent[]> {
  const at = row.occurred_at;
  const step = (name: TourStep, detail?: string): TourEvent => ({
    step: name,
    at,
    ...(detail && { detail }),
  });
  if (row.action === 'passport.issued') return signedIn(step, row.site_id, { shopA, shopB, witness });
  if (row.site_id !== shopA) return [];
  switch (row.action) {
    case 'consent.granted':
      return [step('consent-decided', `shared: ${row.data.attribute}`)];
    case 'attributes.released':
      return row.data.attributes?.includes('address:shipping')
        ? [step('address-fetched', '200, address:shipping')]
        : [];
    case 'attributes.refused':
      return row.data.attributes?.includes('contact:email')
        ? [step('email-refused', '403 consent_required')]
        : [];
    case 'consent.withdrawn':
      return [step('withdrawn', `withdrawn: ${row.data.attribute}`)];
    case 'grant.revoked':
      return [
        step('tokens-dead', await witness.liveTokens()),
        step('fetch-refused', await witness.fetchAddress()),
      ];
    case 'webhook.delivered':
      if (row.data.type !== 'access.revoked') return [];
      return [
        step('webhook-delivered', 'access.revoked, answered 2xx'),
        step('session-ended', await witness.endedSession()),
      ];
    default:
      return [];
  }
}

async function signedIn(
  step: (name: TourStep, detail?: string) => TourEvent,
  siteId: string | null,
  { shopA, shopB, witness }: { shopA: string; shopB: string; witness: Witness },
): Promise<TourEvent[]> {
  const [a, b] = await witness.userRefs();
  const steps: TourEvent[] = [];
  if (siteId === shopA) steps.push(step('shop-a-signed-in', shortened(a)));
  if (siteId === shopB) steps.push(step('shop-b-signed-in', shortened(b)));
  if (a && b && a !== b) steps.push(step('refs-differ', `${shortened(a)} ≠ ${shortened(b)}`));
  return steps;
}

function shortened(userRef: string | undefined): string {
  return userRef ? `${userRef.slice(0, 9)}…` : 'none';
}
