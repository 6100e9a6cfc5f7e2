import type { ErasureQuery, ErasureReceipt, ErasureRequest } from '../../wall/erasure.ts';
import type { OwnAttributes } from '../attributes/own-attributes.ts';
import type { TenantCatalogue } from '../attributes/tenant-catalogue.ts';
import type { IssueReceiptDependencies } from '../consent/issue-receipt.ts';
import type { LoginHints } from '../interactions/login-hints.ts';
import type { UpstreamSignIn } from '../upstream/upstream-sign-in.ts';
import type { Vault } from '../vault/vault.ts';
import type { PageCookies } from './cookies.ts';
import type { CsrfTokens } from './csrf.ts';
import type { PageRenderer } from './page-renderer.ts';

/** What the pages need to delete an account, and to say what that means. */
export interface AccountDeletion {
  readonly erase: (request: ErasureRequest) => Promise<ErasureReceipt>;
  readonly receipt: (query: ErasureQuery) => Promise<ErasureReceipt>;
  /** How long people may change their mind; 0: not at all. */
  readonly graceDays: number;
  /** How long backups are kept that open the data. */
  readonly backupDays: number;
  /** Whether the account at the sign-in service goes as well. */
  readonly deletesUpstream: boolean;
}

/** What the page routes share. */
export interface PageDependencies extends IssueReceiptDependencies {
  readonly tenantId: string;
  /** OpenID issuer that people sign in at. */
  readonly upstreamIssuer: string;
  readonly upstream: UpstreamSignIn;
  /** Default: what people typed at a site is not passed on. */
  readonly loginHints?: LoginHints | undefined;
  readonly vault: Vault;
  readonly ownAttributes: OwnAttributes;
  readonly deletion: AccountDeletion;
  /** What attributes there are, the operator's own too. */
  readonly catalogue: TenantCatalogue;
  readonly cookies: PageCookies;
  readonly csrf: CsrfTokens;
  readonly pages: PageRenderer;
}
