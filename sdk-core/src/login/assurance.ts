import { UserrefError } from '../errors/userref-error.ts';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../generated/contract.ts';

const PREFIX = 'urn:userref:assurance:';

/** `acr_values` (OpenID Connect Core §3.1.2.1) for this level or a higher one, as they are preferred. */
export function acrValues(level: AssuranceLevel): string {
  const enough = ASSURANCE_LEVELS.slice(ASSURANCE_LEVELS.indexOf(level));
  return enough.map((one) => PREFIX + one).join(' ');
}

/** The core takes `acr_values` as a wish, so the answer is what counts. */
export function checkAssurance(given: AssuranceLevel, asked: AssuranceLevel | undefined): void {
  if (asked === undefined || ASSURANCE_LEVELS.indexOf(given) >= ASSURANCE_LEVELS.indexOf(asked)) return;
  throw new UserrefError('insufficient_user_authentication');
}
