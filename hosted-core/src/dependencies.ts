import { openAuditProofs } from './audit/open-proofs.ts';
import { type CellHalf, createCellHalf } from './cell/cell-half.ts';
import { erasureInCell } from './cell/erasure/erasure-in-cell.ts';
import { upstreamStatement } from './cell/erasure/upstream-statement.ts';
import { LOOKUP_PERMISSION } from './cell/vault/find-people.ts';
import { openVault } from './cell/vault/open-vault.ts';
import type { Settings } from './config/settings.ts';
import { createCoreFoundation } from './core/core-foundation.ts';
import { type CoreHalf, createCoreHalf } from './core/core-half.ts';
import { erasureAtCore } from './core/erasure/erasure-at-core.ts';
import { type Pseudonym, pseudonymsOf } from './core/subjects/pseudonyms-repository.ts';
import { Database } from './database/database.ts';
import type { ReplayResult } from './erasure/replay-tombstones.ts';
import { Tombstones } from './erasure/tombstones.ts';
import { UserrefError } from './errors/userref-error.ts';
import type { Logger } from './observability/logger.ts';
import { SecretBox } from './secrets/secret-box.ts';
import type { ErasureReceipt } from './wall/erasure.ts';

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
    tellWithinMs: settings.erasure.tellSitesWithinSeconds * 1_000,
    url: settings.core.url,
    outbound: settings.outbound,
    tenantId,
    mode: settings.mode,
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
      deletionGraceDays: settings.erasure.deletionGraceDays,
      url: settings.cell.url,
      keyService: settings.cell.keyService,
      coreIssuer: settings.core.url,
      upstream: settings.upstream,
      upstreamKey: secrets.deriveKey('cell-upstream'),
      operator: settings.operator,
      csrfKey: secrets.deriveKey('cell-csrf'),
      receiptSecret: secrets.deriveKey('cell-receipts'),
      auditProofs,
      tenantId,
      mode: settings.mode,
      region,
      logger,
      trustedProxies,
    },
    foundation.gateway,
  );
  return { cell, core: await createCoreHalf(foundation, cell.port) };
}

export interface ErasureDesk {
  /** @throws UserrefError `not_found` when the pseudonym is nobody's (any more), and what `RegionCell.erase` throws */
  erase(request: { userRef: string; requestId: string }): Promise<ErasureReceipt>;
  /** @throws UserrefError `not_found` */
  receipt(requestId: string): Promise<ErasureReceipt>;
  /** Erases again in restored databases whoever was erased after their backups were made. */
  replay(): Promise<{ core: ReplayResult; cell: ReplayResult & { orphanedKeys: number } }>;
  close(): Promise<void>;
}

/** Both sides of erasure without the listeners, from another process: the command line uses it. */
export function openErasureDesk(settings: Settings, logger: Logger): ErasureDesk {
  const { tenantId } = settings;
  const { ledgerFolder, keyBackupDays, tellSitesWithinSeconds } = settings.erasure;
  const open = (half: 'core' | 'cell') => {
    const connectionString = settings[half].databaseUrl;
    const database = new Database({ connectionString, applicationName: 'userref-dsr', maxConnections: 2 });
    return { database, tombstones: new Tombstones({ half, database, tenantId, ledgerFolder }), logger };
  };
  const [coreSide, cellSide] = [open('core'), open('cell')];
  const atCore = erasureAtCore({ ...coreSide, tellWithinMs: tellSitesWithinSeconds * 1_000 });
  const inCell = erasureInCell({
    ...{ ...cellSide, core: atCore.gateway, backupWindowDays: keyBackupDays },
    upstreamKeeps: upstreamStatement({ managed: settings.upstream.management !== undefined }),
  });
  return {
    async erase({ userRef, requestId }) {
      const known = await inCell.receipt({ tenantId, requestId }).catch(() => undefined);
      if (known) return known;
      const subjectId = await atCore.findSubject(userRef);
      if (!subjectId) throw new UserrefError('not_found');
      return inCell.erase({ tenantId, subjectId, requestId });
    },
    receipt: (requestId) => inCell.receipt({ tenantId, requestId }),
    async replay() {
      const result = { cell: await inCell.replay(), core: await atCore.replay() };
      // Only now is the core one that takes notice.
      await inCell.finishAll();
      return result;
    },
    async close() {
      await Promise.all([coreSide.database.close(), cellSide.database.close()]);
    },
  };
}

export interface PeopleDesk {
  /**
   * What sites know the people by who are behind an e-mail address or phone number, person by person.
   * @throws UserrefError `forbidden`, `rate_limited`
   */
  find(lookup: { operator: string; field: 'email' | 'phone'; value: string }): Promise<Pseudonym[][]>;
  close(): Promise<void>;
}

/** Looks people up in the cell and names their pseudonyms from the core: the command line uses it. */
export async function openPeopleDesk(settings: Settings): Promise<PeopleDesk> {
  const { tenantId, region, lookupOperators } = settings;
  const open = (half: 'core' | 'cell') =>
    new Database({
      connectionString: settings[half].databaseUrl,
      applicationName: 'userref-dsr',
      maxConnections: 2,
    });
  const [core, cell] = [open('core'), open('cell')];
  const { vault, keyService } = await openVault({
    ...{ database: cell, region, keyService: settings.cell.keyService },
  });
  return {
    async find({ operator, field, value }) {
      const permissions = lookupOperators.includes(operator) ? [LOOKUP_PERMISSION] : [];
      const caller = { id: operator, permissions };
      const subjectIds = await vault.findPeople.find({ tenantId, caller, field, value });
      // Asked for nobody too, so that it takes as long.
      const pseudonyms = await pseudonymsOf(core, { tenantId, subjectIds });
      return subjectIds.map((id) => pseudonyms.filter(({ subjectId }) => subjectId === id));
    },
    async close() {
      await Promise.all([core.close(), cell.close(), keyService.close()]);
    },
  };
}
