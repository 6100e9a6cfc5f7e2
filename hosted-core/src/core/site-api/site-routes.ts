import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { USER_REF_PATTERN } from '../../ids/random-ids.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type { Revocation } from '../revocation/revocation.ts';
import { confirmByAcknowledgement } from '../webhooks/confirm-purge.ts';
import { authenticateSite, type SiteAuthentication } from './authenticate-site.ts';
import { readEventFeed } from './event-feed-repository.ts';

export interface SiteRoutesOptions extends SiteAuthentication {
  readonly revocation: Pick<Revocation, 'revokeUser'>;
  readonly secrets: SecretBox;
  readonly now?: () => Date;
}

const MOST_EVENTS = 100;
const CURSOR = /^\d{1,18}$/;
const EVENT_ID = /^evt_[a-z2-7]{26}$/;

/** The core's API for sites: end a user's access, ask for missed events, acknowledge. */
export async function siteRoutes(app: FastifyInstance, options: SiteRoutesOptions): Promise<void> {
  const { tenantId } = options;
  // The exact bytes: acknowledgements are signed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  const asSite = (request: FastifyRequest, reply: FastifyReply) => authenticateSite(request, reply, options);

  app.post<{ Params: { userRef: string } }>('/v1/users/:userRef/revoke', async (request, reply) => {
    const siteId = await asSite(request, reply);
    const { userRef } = request.params;
    if (!USER_REF_PATTERN.test(userRef)) throw new UserrefError('not_found');
    await options.revocation.revokeUser({ tenantId, siteId, userRef, by: 'site', requestId: request.id });
    return reply.code(204).send();
  });

  app.get('/v1/events', { exposeHeadRoute: false }, async (request, reply) => {
    const siteId = await asSite(request, reply);
    const { after, limit } = feedQuery(request.query as Record<string, unknown>);
    const rows = await readEventFeed(options.database, { tenantId, siteId, after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    return {
      events: page.map(({ event_id, place, body, confirmed }) => ({
        id: event_id,
        cursor: place,
        ...(JSON.parse(body.toString('utf8')) as object),
        confirmed,
      })),
      next: page.at(-1)?.place ?? after,
      more: rows.length > limit,
    };
  });

  app.post<{ Params: { id: string } }>('/v1/events/:id/ack', async (request, reply) => {
    const siteId = await asSite(request, reply);
    const eventId = request.params.id;
    if (!EVENT_ID.test(eventId)) throw new UserrefError('not_found');
    const acknowledgement = {
      ...{ tenantId, siteId, eventId },
      timestamp: oneHeader(request, 'webhook-timestamp'),
      signature: oneHeader(request, 'webhook-signature'),
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      now: (options.now ?? (() => new Date()))(),
    };
    await options.database.inTenant(tenantId, (tx) =>
      confirmByAcknowledgement(tx, options.secrets, acknowledgement),
    );
    return reply.code(204).send();
  });

  for (const [url, allowed] of [
    ['/v1/users/:userRef/revoke', 'POST'],
    ['/v1/events', 'GET'],
    ['/v1/events/:id/ack', 'POST'],
  ] as const) {
    const method = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => one !== allowed);
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: async (_request, reply) => {
        reply.header('allow', allowed);
        throw new UserrefError('method_not_allowed');
      },
    });
  }
}

function feedQuery(query: Record<string, unknown>): { after: string; limit: number } {
  const { after = '0', limit = String(MOST_EVENTS), ...others } = query;
  const isKnown = Object.keys(others).length === 0;
  if (!isKnown || typeof after !== 'string' || !CURSOR.test(after)) {
    throw new UserrefError('invalid_request', {
      detail: '`after` is the `cursor` of an event, or left out.',
    });
  }
  if (typeof limit !== 'string' || !/^\d{1,3}$/.test(limit) || Number(limit) < 1) {
    throw new UserrefError('invalid_request', { detail: '`limit` is a number from 1 to 100.' });
  }
  return { after, limit: Math.min(Number(limit), MOST_EVENTS) };
}

function oneHeader(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
