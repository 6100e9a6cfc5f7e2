import type { CookieNames } from './cookies/cookie-names.ts';
import type { CoreConnector } from './discovery/core-connection.ts';
import type { LoginTransactions } from './login/login-transaction.ts';
import type { ResolvedOptions } from './options/options.ts';
import type { KeySource } from './passport/key-set.ts';
import type { VerifyPassport } from './passport/verify-passport.ts';
import type { SiteToken } from './sealed/site-token.ts';
import type { SessionCookie } from './session/session-cookie.ts';
import type { Transport } from './transport/transport.ts';

/** The parts that the functions of the SDK work with; built once by `createUserref`. */
export interface Services {
  readonly options: ResolvedOptions;
  readonly names: CookieNames;
  readonly transport: Transport;
  readonly connector: CoreConnector;
  readonly transactions: LoginTransactions;
  readonly sessionCookie: SessionCookie;
  readonly siteToken: SiteToken;
  readonly verifyPassport: VerifyPassport;
  /** The issuer's published keys. */
  readonly keys: KeySource;
}
