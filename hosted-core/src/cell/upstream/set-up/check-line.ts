import type { UpstreamSettings } from '../../../config/upstream-settings.ts';
import type { OutboundFetch } from '../../../outbound/outbound-fetch.ts';
import type { LogtoManagement } from '../management/logto-management.ts';

export interface CheckContext {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly preset: UpstreamSettings['preset'];
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly backchannelLogoutUri: string;
  readonly webhookUrl: string;
  readonly webhookKeys: readonly string[];
  readonly fetch: OutboundFetch;
  readonly management: LogtoManagement | undefined;
  readonly now: () => Date;
}

export interface CheckLine {
  readonly check: string;
  readonly ok: boolean;
  /** What is wrong and how to mend it; empty when all is well. */
  readonly advice: string;
}

/** @param advice `undefined` when all is well */
export function line(check: string, advice: string | undefined): CheckLine {
  return { check, ok: advice === undefined, advice: advice ?? '' };
}
