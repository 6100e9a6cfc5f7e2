import type { ErrorCode } from '../errors/userref-error.ts';
import { UserrefError } from '../errors/userref-error.ts';

/** Reason codes of a refused passport; the same in every language of the SDK. */
export type PassportRefusal = Extract<ErrorCode, `passport_${string}`>;

/** `detail` names the member at fault, never its value. */
export function refusePassport(code: PassportRefusal, detail?: string): UserrefError {
  return new UserrefError(code, { detail });
}
