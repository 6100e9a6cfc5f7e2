import type { ErrorCode } from '../../errors/userref-error.ts';

/** HTTP status of errors that a site answers with. What is not listed is 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  login_state_missing: 400,
  login_state_mismatch: 400,
  login_expired: 400,
  login_loop: 400,
  login_denied: 403,
  preview_refused: 403,
  issuer_mismatch: 400,
  return_to_rejected: 400,
  not_found: 404,
  unknown_attribute: 400,
  unknown_purpose: 400,
  purpose_required: 400,
  not_signed_in: 401,
  session_invalid: 401,
  session_expired: 401,
  session_revoked: 401,
  insufficient_user_authentication: 401,
  consent_required: 403,
  consent_expired: 403,
  processing_restricted: 403,
  csrf_rejected: 403,
  method_not_allowed: 405,
  payload_too_large: 413,
  rate_limited: 429,
  login_request_refused: 502,
  token_exchange_failed: 502,
  attributes_unavailable: 502,
  discovery_failed: 503,
  network_failed: 503,
  service_unavailable: 503,
  webhook_headers_missing: 400,
  webhook_body_invalid: 400,
  webhook_timestamp_invalid: 401,
  webhook_signature_invalid: 401,
  logout_token_invalid: 400,
  logout_token_replayed: 400,
};

export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? (code.startsWith('passport_') ? 502 : 500);
}
