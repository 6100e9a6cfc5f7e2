import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import { USER_REF_PATTERN } from '../../ids/random-ids.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type { Revocation } from '../revocation/revocation.ts';
import { confirmByAcknowledgement } from '../webhooks/confirm-purge.ts';
import { authenticateSite, type SiteAuthentication } from './authenticate-site.ts';
import { placeInFeed, readEventFeed } from './event-feed-repository.ts';
import { readFeedQuery } from './feed-query.ts';

export interface SiteRoutesOptions extends SiteAuthentication {
  readonly revocation: Pick<Revocation, 'revokeUser'>;
  readonly secrets: SecretBox;
  readonly now?: () => Date;
}

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
    const { since, limit, ...query } = readFeedQuery(request.query as Record<string, unknown>);
    const after = since ? await placeInFeed(options.database, { tenantId, siteId, since }) : query.after;
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

function oneHeader(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
