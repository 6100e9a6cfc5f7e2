import type { AuditProofs } from '../audit/audit-loop.ts';
import type { KeyServiceSettings } from '../config/key-service-settings.ts';
import type { UpstreamSettings } from '../config/upstream-settings.ts';
import type { Logger } from '../observability/logger.ts';
import type { Operator } from './pages/cell-pages.ts';

export interface CellOptions {
  /** As `cell_app`. */
  readonly databaseUrl: string;
  /** As `cell_app`, for the job worker where a transaction pooler is in between. Default: `databaseUrl`. */
  readonly jobsDatabaseUrl?: string | undefined;
  /** Where the tombstone ledger is kept; without one a restored backup goes unnoticed. */
  readonly tombstoneLedger?: string | undefined;
  /** How long backups that hold data keys are kept. Default 7. */
  readonly keyBackupDays?: number;
  /** How long people who delete their account may change their mind, in days. Default 7. */
  readonly deletionGraceDays?: number;
  /** Public address without a slash at the end; also the audience of its access tokens. */
  readonly url: string;
  readonly region: string;
  readonly tenantId: string;
  /** In `test` every page says so. Default `live`. */
  readonly mode?: 'live' | 'test' | undefined;
  /** Issuer of the tokens that are accepted here: the core. */
  readonly coreIssuer: string;
  /** Root key of the vault. */
  readonly keyService: KeyServiceSettings;
  readonly upstream: UpstreamSettings;
  /** 32 secret bytes that seal account ids and refresh tokens. Without them neither is kept. */
  readonly upstreamKey?: Buffer;
  readonly operator: Operator;
  /** 32 secret bytes, the same on every replica. */
  readonly csrfKey: Buffer;
  /** 32 secret bytes, the same on every replica; seals the keys that sign receipts. */
  readonly receiptSecret: Buffer;
  /** Default: the audit log is numbered and hashed, not signed. */
  readonly auditProofs?: AuditProofs;
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
}
