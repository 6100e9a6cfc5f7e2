import type { FastifyInstance } from 'fastify';
import { describeError } from '../observability/logger.ts';

export interface HealthOptions {
  /** What must work for this listener to be of use, by name. Each resolves when all is well. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work; names what it cannot reach. */
export async function healthRoutes(app: FastifyInstance, { checks }: HealthOptions): Promise<void> {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const ok = await check().then(
          () => true,
          (error: unknown) => {
            request.log.warn({ check: name, err: describeError(error) }, 'not ready');
            return false;
          },
        );
        return [name, ok ? 'ok' : 'failing'] as const;
      }),
    );
    const ready = results.every(([, state]) => state === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not_ready', checks: Object.fromEntries(results) });
  });
}
