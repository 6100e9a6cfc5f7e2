import type { OwnAttributes } from '../attributes/own-attributes.ts';
import type { TenantCatalogue } from '../attributes/tenant-catalogue.ts';
import type { IssueReceiptDependencies } from '../consent/issue-receipt.ts';
import type { LoginHints } from '../interactions/login-hints.ts';
import type { UpstreamSignIn } from '../upstream/upstream-sign-in.ts';
import type { Vault } from '../vault/vault.ts';
import type { PageCookies } from './cookies.ts';
import type { CsrfTokens } from './csrf.ts';
import type { PageRenderer } from './page-renderer.ts';

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
  /** What attributes there are, the operator's own too. */
  readonly catalogue: TenantCatalogue;
  readonly cookies: PageCookies;
  readonly csrf: CsrfTokens;
  readonly pages: PageRenderer;
}
