import type { FastifyInstance } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { type Metric, metricsText } from '../observability/metrics.ts';
import { createHttpServer } from './http-server.ts';

/** `GET /metrics` on a listener of its own, which nobody outside needs to reach. No figure is about a person. */
export function createMetricsServer(options: {
  logger: Logger;
  read: () => Promise<readonly Metric[]>;
}): FastifyInstance {
  const app = createHttpServer({ logger: options.logger, component: 'metrics' });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(await options.read())),
  );
  return app;
}
