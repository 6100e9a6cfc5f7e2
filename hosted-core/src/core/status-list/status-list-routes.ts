import type { FastifyInstance } from 'fastify';
import { UserrefError } from '../../errors/userref-error.ts';
import type { StatusListPublisher } from './status-list-publisher.ts';

/** Caches may keep a list this long, in seconds; well below its `ttl`. */
const CACHE_SECONDS = 60;
const LIST_ID = /^[a-z2-7]{26}$/;

/** `GET /status/{list}`: a signed list, for anybody (Token Status List §8). */
export async function statusListRoutes(
  app: FastifyInstance,
  { publisher }: { publisher: StatusListPublisher },
): Promise<void> {
  app.get<{ Params: { list: string } }>('/status/:list', async (request, reply) => {
    const found = LIST_ID.test(request.params.list) ? await publisher.find(request.params.list) : undefined;
    if (!found) throw new UserrefError('not_found');
    reply
      .header('cache-control', `public, max-age=${CACHE_SECONDS}`)
      .header('etag', found.etag)
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin');
    if (matches(request.headers['if-none-match'], found.etag)) return reply.code(304).send();
    return reply.type('application/statuslist+jwt').send(found.token);
  });
}

/** RFC 9110 §13.1.2: a list of tags, weak or not, or `*`. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
