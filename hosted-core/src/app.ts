import type { Settings } from './config/settings.ts';
import { buildHouse } from './dependencies.ts';
import { createMetricsServer } from './http/metrics-server.ts';
import type { Logger } from './observability/logger.ts';

export interface RunningHouse {
  /** Stops taking requests, lets running ones and jobs finish, closes connections. */
  stop(): Promise<void>;
}

/** Starts both listeners and the jobs of both halves in this process. */
export async function startHouse(settings: Settings, logger: Logger): Promise<RunningHouse> {
  const { core, cell } = await buildHouse(settings, logger);
  const metrics = settings.metricsListen && createMetricsServer({ logger, read: cell.metrics });
  const stop = async () => {
    await Promise.all([metrics?.close(), core.close(), cell.close()]);
  };
  try {
    if (metrics && settings.metricsListen) await metrics.listen({ ...settings.metricsListen });
    await cell.app.listen({ ...settings.cell.listen });
    await core.app.listen({ ...settings.core.listen });
    await Promise.all([core.startJobs(), cell.startJobs()]);
  } catch (error) {
    await stop();
    throw error;
  }
  logger.info({ core: settings.core.url, cell: settings.cell.url }, 'ready');
  return { stop };
}
