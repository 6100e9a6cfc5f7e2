import type { SyncDependencies } from '../accounts/sync-account.ts';
import type { LogtoManagement } from '../management/logto-management.ts';

export interface ReconcileDependencies extends Omit<SyncDependencies, 'management'> {
  readonly management: Pick<
    LogtoManagement,
    'listUsers' | 'findUser' | 'listHooks' | 'listDeliveries' | 'requests'
  >;
  /** Where Logto sends its events; what it could not deliver there is looked up. */
  readonly webhookUrl: string;
  readonly now: () => Date;
}
