// Generated from docs/contract by `npm run contract`. Do not edit: change the registry there.

/** Groups of error codes that mean the same for visitors. */
export type VisitorGroup =
  | 'away'
  | 'not_set_up'
  | 'busy'
  | 'unusable'
  | 'not_finished'
  | 'too_late'
  | 'declined'
  | 'not_signed_in'
  | 'step_up'
  | 'not_shared'
  | 'restricted'
  | 'data_away'
  | 'form_refused'
  | 'nothing_here'
  | 'not_allowed'
  | 'too_often'
  | 'general';

/** What visitors read on pages about errors, in one language. */
export interface VisitorLanguage {
  /** BCP 47. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: {
    readonly signIn: string;
    readonly share: string;
    readonly start: string;
    readonly code: string;
    readonly request: string;
  };
  /** What happened in a few words, what happened in a sentence, and what the visitor can do. */
  readonly texts: Readonly<Record<VisitorGroup, readonly [title: string, happened: string, advice: string]>>;
}

/** The style of a page about an error. */
export const PAGE_STYLE =
  'body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.25rem}h1{font-size:1.625rem;line-height:1.25}ul{list-style:none;padding:0}li{margin:1rem 0}hr{margin:2rem 0}small{font-size:.8125rem;overflow-wrap:anywhere}bdi{display:inline-block;max-width:100%}';

/** Its Content-Security-Policy: no scripts, that one style, nothing from elsewhere. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'sha256-t8BbpmSE33DMtZCi133Mh09RYXHEeiqiQq4A95YEBY8='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The group of each code that has one. */
export const GROUPS: Readonly<Record<string, VisitorGroup>> = {
  attributes_unavailable: 'data_away',
  bridge_unauthorized: 'not_set_up',
  bridge_unreachable: 'away',
  config_invalid: 'not_set_up',
  consent_expired: 'not_shared',
  consent_required: 'not_shared',
  csrf_rejected: 'form_refused',
  discovery_failed: 'away',
  forbidden: 'not_allowed',
  insufficient_user_authentication: 'step_up',
  integrity_error: 'data_away',
  interaction_expired: 'nothing_here',
  interaction_not_found: 'nothing_here',
  invalid_token: 'not_signed_in',
  issuer_mismatch: 'unusable',
  login_denied: 'declined',
  login_expired: 'too_late',
  login_loop: 'not_finished',
  login_request_refused: 'not_set_up',
  login_state_mismatch: 'not_finished',
  login_state_missing: 'not_finished',
  method_not_allowed: 'nothing_here',
  network_failed: 'away',
  not_found: 'nothing_here',
  not_signed_in: 'not_signed_in',
  preview_refused: 'not_set_up',
  processing_restricted: 'restricted',
  rate_limited: 'too_often',
  return_to_rejected: 'nothing_here',
  service_unavailable: 'busy',
  session_expired: 'not_signed_in',
  session_invalid: 'not_signed_in',
  session_revoked: 'not_signed_in',
  token_exchange_failed: 'unusable',
  upstream_unavailable: 'away',
};

/** The group of the other codes that begin like this. */
export const PREFIXES: Readonly<Record<string, VisitorGroup>> = { passport_: 'unusable' };

/** The way on that a group offers besides the start page. */
export const WAYS: Readonly<Partial<Record<VisitorGroup, 'sign_in' | 'share'>>> = {
  away: 'sign_in',
  unusable: 'sign_in',
  not_finished: 'sign_in',
  too_late: 'sign_in',
  declined: 'sign_in',
  not_signed_in: 'sign_in',
  not_shared: 'share',
};
