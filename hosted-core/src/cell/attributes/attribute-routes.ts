import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { USER_REF_PATTERN } from '../../ids/random-ids.ts';
import type { ReleaseAttributes } from './release-attributes.ts';
import { readSiteConsents } from './release-repository.ts';

export interface AttributeRoutesOptions {
  readonly release: ReleaseAttributes;
  /** Connected as `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  /** Issuer of the tokens that are accepted here. */
  readonly issuer: string;
  /** The cell's own address (RFC 8707), without a slash at the end. */
  readonly resource: string;
  /** Attribute scopes, for the metadata. */
  readonly scopes: readonly string[];
  readonly now?: () => Date;
}

const METADATA = '/.well-known/oauth-protected-resource';
const MAX_NAMES = 32;
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]{1,1024}=*)$/i;
const PURPOSE = /^[a-z][a-z0-9_]{1,62}$/;
/** Fits no user_ref; stands in for what cannot be one, so that both get the same answer the same way. */
const NOBODY = 'nobody';

const attributesBody = z.strictObject({ names: z.array(z.string()), purpose: z.string().optional() });

interface Ask {
  readonly names: string[];
  readonly purpose: string;
}

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
      scopes_supported: options.scopes,
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

/** The token stands in the header and nowhere else (RFC 6750 §2.1); addresses end up in logs. */
function bearerToken(request: FastifyRequest, reply: FastifyReply, options: AttributeRoutesOptions): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return token;
  // Without any credentials there is no error to name (RFC 6750 §3.1).
  if (request.headers.authorization === undefined) {
    reply.header('www-authenticate', `Bearer resource_metadata="${options.resource}${METADATA}"`);
    throw new UserrefError('invalid_token');
  }
  throw challenge(reply, options, new UserrefError('invalid_token'));
}

/** RFC 9728 §5.1: the answer to a dead token says where to read how to get a live one. */
function challenge<Thrown>(reply: FastifyReply, options: AttributeRoutesOptions, error: Thrown): Thrown {
  if (error instanceof UserrefError && error.status === 401) {
    const metadata = `resource_metadata="${options.resource}${METADATA}"`;
    reply.header('www-authenticate', `Bearer error="invalid_token", ${metadata}`);
  }
  return error;
}

function askFromQuery(query: Record<string, unknown>): Ask {
  const { names, purpose, ...rest } = query;
  if (Object.keys(rest).length > 0) throw invalid('The query has members besides `names` and `purpose`.');
  if (Array.isArray(names) || Array.isArray(purpose))
    throw invalid('`names` and `purpose` may stand once each.');
  return checked(typeof names === 'string' ? names.split(',') : [], purpose as string | undefined);
}

function askFromBody(body: unknown): Ask {
  const parsed = attributesBody.safeParse(body);
  if (!parsed.success) throw invalid('The body is an object with `names`, a list of strings, and `purpose`.');
  return checked(parsed.data.names, parsed.data.purpose);
}

function checked(names: string[], purpose: string | undefined): Ask {
  if (names.length === 0 || names.includes('')) throw invalid('`names` lists one attribute or more.');
  if (names.length > MAX_NAMES) throw invalid(`\`names\` lists more than ${MAX_NAMES} attributes.`);
  if (new Set(names).size < names.length) throw invalid('`names` lists an attribute twice.');
  if (purpose === undefined || purpose === '') throw new UserrefError('purpose_required');
  if (!PURPOSE.test(purpose)) throw new UserrefError('unknown_purpose');
  return { names, purpose };
}

function refuseQuery(request: FastifyRequest): void {
  if (Object.keys(request.query as object).length > 0) throw invalid('This address takes no query.');
}

function userRefOf(text: string): string {
  return USER_REF_PATTERN.test(text) ? text : NOBODY;
}

function refuseOtherMethods(app: FastifyInstance, allowed: Record<string, 'GET' | 'POST'>): void {
  for (const [url, method] of Object.entries(allowed)) {
    const others = (['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).filter(
      (one) => one !== method,
    );
    // The metadata answers HEAD by itself.
    const refused = url === METADATA ? others.filter((one) => one !== 'HEAD') : others;
    app.route({
      url,
      method: refused,
      handler: (_request, reply) => {
        reply.header('allow', method);
        throw new UserrefError('method_not_allowed');
      },
    });
  }
}

function invalid(detail: string): UserrefError {
  return new UserrefError('invalid_request', { detail });
}
