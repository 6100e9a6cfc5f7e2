import type { FastifyInstance } from 'fastify';
import { describeError } from '../../observability/logger.ts';
import {
  activitySites,
  type ConsentEventChange,
  recentActivity,
} from '../consent/consent-events-repository.ts';
import { activityRow } from './account-page.ts';
import { PAGE, signedInPerson, signInFirst } from './account-visitor.ts';
import { inert } from './inert-text.ts';
import type { PageDependencies } from './page-dependencies.ts';

const KINDS = [
  'granted',
  'renewed',
  'denied',
  'withdrawn',
  'expired',
] as const satisfies ConsentEventChange[];
const ROWS = 25;

/** `GET /account/activity?site=&kind=&before=`: everything that happened to consents, by site and kind. */
export async function activityRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account/activity', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account/activity' });
    const filter = readFilter(request.query as Record<string, unknown>);
    const [sites, { rows, siteIds }] = await Promise.all([
      deps.core.listConnectedSites(person).catch((error: unknown) => {
        deps.logger.warn({ err: describeError(error) }, 'the core could not list the connected sites');
        return [];
      }),
      deps.database.inTenant(deps.tenantId, async (tx) => ({
        rows: await recentActivity(tx, { ...person, ...filter, limit: ROWS + 1 }),
        siteIds: await activitySites(tx, person),
      })),
    ]);
    const t = deps.pages.translator(request, reply);
    const names = new Map(sites.map(({ siteId, name }) => [siteId, inert(name)]));
    const shown = rows.slice(0, ROWS);
    const last = rows.length > ROWS ? shown.at(-1) : undefined;
    return deps.pages.send(reply, {
      ...{ t, template: 'activity', title: t.text('activity.page'), narrow: true, section: 'activity' },
      path: '/account/activity',
      data: {
        rows: shown.map((row) => activityRow(row, names, t, deps.catalogue)),
        filtered: filter.siteId !== undefined || filter.change !== undefined,
        sites: siteIds.map((siteId) => ({
          siteId,
          name: names.get(siteId) ?? siteId,
          chosen: siteId === filter.siteId,
        })),
        kinds: KINDS.map((kind) => ({
          kind,
          label: t.text(`activity.kind.${kind}`),
          chosen: kind === filter.change,
        })),
        older: last && olderAddress(filter, last.eventNo),
      },
    });
  });
}

interface Filter {
  readonly siteId?: string;
  readonly change?: ConsentEventChange;
  readonly before?: string;
}

/** Anything but a known kind, a possible site id and a number is as if it were not there. */
function readFilter({ site, kind, before }: Record<string, unknown>): Filter {
  const change = KINDS.find((one) => one === kind);
  return {
    ...(typeof site === 'string' && /^[a-z0-9][a-z0-9-]{2,62}$/.test(site) && { siteId: site }),
    ...(change && { change }),
    ...(typeof before === 'string' && /^[1-9]\d{0,17}$/.test(before) && { before }),
  };
}

function olderAddress({ siteId, change }: Filter, before: string): string {
  const query = new URLSearchParams({
    ...(siteId && { site: siteId }),
    ...(change && { kind: change }),
    before,
  });
  return `/account/activity?${query}`;
}
