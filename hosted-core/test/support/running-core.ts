import { randomBytes } from 'node:crypto';
import { createCoreFoundation } from '../../src/core/core-foundation.ts';
import { createCoreHalf } from '../../src/core/core-half.ts';
import { registerSite, type SiteRegistration } from '../../src/core/sites/register-site.ts';
import { SiteRepository } from '../../src/core/sites/site-repository.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { SecretBox } from '../../src/secrets/secret-box.ts';
import type { RegionCell } from '../../src/wall/region-cell.ts';
import { freePort } from './free-port.ts';

export const TENANT = 'default';

/** The protocol half on a port of its own. */
export async function startCore(options: {
  coreUrl: string;
  cell: RegionCell;
  port?: number;
  secrets?: SecretBox;
  mode?: 'live' | 'test';
}) {
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const secrets = options.secrets ?? new SecretBox(randomBytes(32));
  const foundation = createCoreFoundation({
    databaseUrl: options.coreUrl,
    url,
    tenantId: TENANT,
    ...(options.mode && { mode: options.mode }),
    secrets,
    outbound: 'public-and-loopback',
    logger: createLogger({ level: process.env.TEST_LOG ?? 'silent' }),
    trustedProxies: [],
  });
  const half = await createCoreHalf(foundation, options.cell);
  await half.app.listen({ host: '127.0.0.1', port });
  return {
    url,
    secrets,
    foundation,
    half,
    registerSite: (registration: Omit<SiteRegistration, 'tenantId'>) =>
      registerSite(
        { database: foundation.database, sites: new SiteRepository(foundation.database) },
        { tenantId: TENANT, ...registration },
      ),
    close: () => half.close(),
  };
}
