import { openAuditProofs } from './audit/open-proofs.ts';
import { type CellHalf, createCellHalf } from './cell/cell-half.ts';
import type { Settings } from './config/settings.ts';
import { type CoreHalf, createCoreFoundation, createCoreHalf } from './core/core-half.ts';
import type { Logger } from './observability/logger.ts';
import { SecretBox } from './secrets/secret-box.ts';

export interface House {
  readonly core: CoreHalf;
  readonly cell: CellHalf;
}

/** Builds both halves and puts the wall between them. The only place that knows both. */
export async function buildHouse(settings: Settings, logger: Logger): Promise<House> {
  const secrets = SecretBox.fromKeyFile(settings.core.secretFile);
  const { tenantId, region, trustedProxies } = settings;
  const auditProofs = await openAuditProofs(settings.audit, { policy: settings.outbound, logger });
  const foundation = createCoreFoundation({
    databaseUrl: settings.core.databaseUrl,
    jobsDatabaseUrl: settings.core.jobsDatabaseUrl,
    tombstoneLedger: settings.erasure.ledgerFolder,
    url: settings.core.url,
    outbound: settings.outbound,
    tenantId,
    secrets,
    auditProofs,
    logger,
    trustedProxies,
  });
  const cell = await createCellHalf(
    {
      databaseUrl: settings.cell.databaseUrl,
      jobsDatabaseUrl: settings.cell.jobsDatabaseUrl,
      tombstoneLedger: settings.erasure.ledgerFolder,
      keyBackupDays: settings.erasure.keyBackupDays,
      url: settings.cell.url,
      keyService: settings.cell.keyService,
      coreIssuer: settings.core.url,
      upstream: settings.upstream,
      operator: settings.operator,
      csrfKey: secrets.deriveKey('cell-csrf'),
      auditProofs,
      tenantId,
      region,
      logger,
      trustedProxies,
    },
    foundation.gateway,
  );
  return { cell, core: await createCoreHalf(foundation, cell.port) };
}
