import { UserrefError } from '../errors/userref-error.ts';
import { ATTRIBUTE_NAME } from '../passport/passport.ts';

const PURPOSE = /^[a-z][a-z0-9_]{1,62}$/;
const MAX_NAMES = 32;

/** @throws UserrefError `unknown_attribute` for names of no attribute's form, `purpose_required` */
export function checkAttributeRequest(names: readonly string[], purpose: string | undefined): void {
  const valid =
    Array.isArray(names) &&
    names.length > 0 &&
    names.length <= MAX_NAMES &&
    names.every((name) => ATTRIBUTE_NAME.test(name));
  if (!valid || new Set(names).size !== names.length) {
    const detail = 'Attributes are asked for by name, each once, such as contact:email.';
    throw new UserrefError('unknown_attribute', { detail });
  }
  if (typeof purpose !== 'string' || purpose === '') throw new UserrefError('purpose_required');
  if (!PURPOSE.test(purpose)) throw new UserrefError('unknown_purpose');
}
