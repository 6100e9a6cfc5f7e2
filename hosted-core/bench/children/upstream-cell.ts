import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createCellHalf } from '../../src/cell/cell-half.ts';
import type { CellOptions } from '../../src/cell/cell-options.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { CoreGateway } from '../../src/wall/core-gateway.ts';
import { type Serving, serve } from './serve.ts';

export interface UpstreamCellConfig {
  readonly databaseUrl: string;
  readonly keyFile: string;
  /** Hexadecimal. */
  readonly upstreamKey: string;
  readonly port: number;
  readonly upstream: CellOptions['upstream'];
  /** Start the jobs, too. */
  readonly jobs: boolean;
  readonly logFile: string;
}

export interface UpstreamCell {
  readonly url: string;
  readonly pid: number;
}

/** A core that takes note of everything and does nothing: the cell alone is measured. */
const SILENT_CORE = {
  endPerson: async () => {},
  listConnectedSites: async () => [],
  listSessions: async () => [],
  purgeConfirmations: async () => [],
  tenantAttributes: async () => [],
  disconnectedSites: async () => [],
} as unknown as CoreGateway;

serve(async (config: UpstreamCellConfig): Promise<Serving<UpstreamCell>> => {
  const url = `http://localhost:${config.port}`;
  const cell = await createCellHalf(
    {
      ...{ databaseUrl: config.databaseUrl, url, region: 'local', tenantId: 'default', trustedProxies: [] },
      ...{ coreIssuer: 'http://localhost:9', operator: { name: 'Bench' }, upstream: config.upstream },
      keyService: { address: { scheme: 'file', path: config.keyFile } },
      ...{ csrfKey: randomBytes(32), upstreamKey: Buffer.from(config.upstreamKey, 'hex') },
      receiptSecret: randomBytes(32),
      logger: createLogger({ level: 'info', stream: createWriteStream(config.logFile) }),
    } as unknown as CellOptions,
    SILENT_CORE,
  );
  await cell.app.listen({ host: '127.0.0.1', port: config.port });
  if (config.jobs) await cell.startJobs();
  return { ready: { url, pid: process.pid }, stop: () => cell.close() };
});
