import type { OwnAttributes } from '../attributes/own-attributes.ts';
import type { ConsentDependencies } from '../consent/consent-notice.ts';
import type { UpstreamSignIn } from '../upstream/upstream-sign-in.ts';
import type { Vault } from '../vault/vault.ts';
import type { PageCookies } from './cookies.ts';
import type { CsrfTokens } from './csrf.ts';
import type { PageRenderer } from './page-renderer.ts';

/** What the page routes share. */
export interface PageDependencies extends ConsentDependencies {
  readonly tenantId: string;
  /** Region shown in My data and told to the core. */
  readonly region: string;
  /** OpenID issuer that people sign in at. */
  readonly upstreamIssuer: string;
  readonly upstream: UpstreamSignIn;
  readonly vault: Vault;
  readonly ownAttributes: OwnAttributes;
  readonly cookies: PageCookies;
  readonly csrf: CsrfTokens;
  readonly pages: PageRenderer;
}
