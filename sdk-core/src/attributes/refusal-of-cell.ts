import { isObject } from '../encoding/strict-json.ts';
import { ConsentRequiredError } from '../errors/consent-required-error.ts';
import { isErrorCode, UserrefError } from '../errors/userref-error.ts';
import { ATTRIBUTE_NAME } from '../passport/passport.ts';

interface Asked {
  readonly names: readonly string[];
  readonly purpose: string;
}

/** Codes of the cell that are passed on as they are; everything else is `attributes_unavailable`. */
const PASSED_ON = [
  'processing_restricted',
  'unknown_attribute',
  'purpose_required',
  'unknown_purpose',
  'insufficient_user_authentication',
  'rate_limited',
  'service_unavailable',
];
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The error for a problem document (RFC 9457) of the cell. Its texts stay out: only codes are taken over. */
export function refusalOf(status: number, body: unknown, asked: Asked): UserrefError {
  const problem = isObject(body) ? body : {};
  const { code } = problem;
  const requestId = requestIdOf(problem);
  if (code === 'consent_required' || code === 'consent_expired') {
    const attributes = missingNames(problem.attributes, asked.names);
    return new ConsentRequiredError({ code, attributes, purpose: asked.purpose, requestId });
  }
  if (isErrorCode(code) && PASSED_ON.includes(code)) return new UserrefError(code, { requestId });
  if (status === 401) return new UserrefError('session_revoked', { requestId });
  if (status === 429) return new UserrefError('rate_limited', { requestId });
  return unusable(status, requestId);
}

/** The cell gave an answer that cannot be used. */
export function unusable(status = 200, requestId?: string): UserrefError {
  const detail = `The cell answered ${status} with something unexpected.`;
  return new UserrefError('attributes_unavailable', { detail, isTransient: status >= 500, requestId });
}

function missingNames(given: unknown, asked: readonly string[]): readonly string[] {
  const names = Array.isArray(given) ? given.filter((name) => ATTRIBUTE_NAME.test(String(name))) : [];
  return names.length > 0 ? names : asked;
}

function requestIdOf({ request_id: id }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof id === 'string' && REQUEST_ID.test(id) ? id : undefined;
}
