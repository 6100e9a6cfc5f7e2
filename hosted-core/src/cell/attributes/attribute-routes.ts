import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { ReleaseAttributes } from './release-attributes.ts';
import { readSiteConsents } from './release-repository.ts';
import {
  type Ask,
  bearerToken,
  challenge,
  checkedAsk,
  invalid,
  METADATA,
  refuseOtherMethods,
  refuseQuery,
  userRefOf,
} from './site-request.ts';

export interface AttributeRoutesOptions {
  readonly release: ReleaseAttributes;
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  /** Issuer of the tokens that are accepted here. */
  readonly issuer: string;
  /** The cell's own address (RFC 8707), without a slash at the end. */
  readonly resource: string;
  /** Attribute scopes of this moment, for the metadata. */
  readonly scopes: () => readonly string[];
  readonly now?: () => Date;
}

const attributesBody = z.strictObject({ names: z.array(z.string()), purpose: z.string().optional() });

interface Asker {
  readonly accessToken: string;
  readonly userRef?: string;
}

/** The cell's API for sites: attributes of a present person, of an absent one, and the consents behind them. */
export async function attributeRoutes(app: FastifyInstance, options: AttributeRoutesOptions): Promise<void> {
  const { release, tenantId, now = () => new Date() } = options;
  const answer = async (request: FastifyRequest, reply: FastifyReply, ask: Ask & Asker) => {
    const attributes = await release
      .release({ tenantId, ...ask, requestId: request.id })
      .catch((error: unknown) => {
        throw challenge(reply, options, error);
      });
    return reply.header('cache-control', 'no-store').send({ attributes, purpose: ask.purpose });
  };

  app.get('/v1/attributes', { exposeHeadRoute: false }, async (request, reply) => {
    const accessToken = bearerToken(request, reply, options);
    return answer(request, reply, { accessToken, ...askFromQuery(request.query as Record<string, unknown>) });
  });

  app.post<{ Params: { userRef: string } }>('/v1/users/:userRef/attributes', async (request, reply) => {
    const accessToken = bearerToken(request, reply, options);
    refuseQuery(request);
    const userRef = userRefOf(request.params.userRef);
    return answer(request, reply, { accessToken, userRef, ...askFromBody(request.body) });
  });

  app.get<{ Params: { userRef: string } }>(
    '/v1/users/:userRef/consents',
    { exposeHeadRoute: false },
    async (request, reply) => {
      const accessToken = bearerToken(request, reply, options);
      refuseQuery(request);
      const userRef = userRefOf(request.params.userRef);
      const query = { tenantId, accessToken, userRef, audience: options.resource, now: now() };
      const found = await readSiteConsents(options.database, query);
      if (found.outcome !== 'found') throw challenge(reply, options, new UserrefError(found.outcome));
      return reply.header('cache-control', 'no-store').send({ consents: found.consents });
    },
  );

  app.get(METADATA, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').send({
      resource: options.resource,
      authorization_servers: [options.issuer],
      scopes_supported: options.scopes(),
      bearer_methods_supported: ['header'],
    }),
  );

  refuseOtherMethods(app, {
    '/v1/attributes': 'GET',
    '/v1/users/:userRef/consents': 'GET',
    [METADATA]: 'GET',
  });
  refuseOtherMethods(app, { '/v1/users/:userRef/attributes': 'POST' });
}

function askFromQuery(query: Record<string, unknown>): Ask {
  const { names, purpose, ...rest } = query;
  if (Object.keys(rest).length > 0) throw invalid('The query has members besides `names` and `purpose`.');
  if (Array.isArray(names) || Array.isArray(purpose))
    throw invalid('`names` and `purpose` may stand once each.');
  return checkedAsk(typeof names === 'string' ? names.split(',') : [], purpose as string | undefined);
}

function askFromBody(body: unknown): Ask {
  const parsed = attributesBody.safeParse(body);
  if (!parsed.success) throw invalid('The body is an object with `names`, a list of strings, and `purpose`.');
  return checkedAsk(parsed.data.names, parsed.data.purpose);
}
