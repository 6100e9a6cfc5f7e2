import { UserrefError } from '../errors/userref-error.ts';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../generated/contract.ts';

interface StepUp {
  readonly assuranceLevel?: AssuranceLevel | undefined;
  readonly maxAgeSeconds?: number | undefined;
}

const PREFIX = 'urn:userref:assurance:';

/** `acr_values` (OpenID Connect Core §3.1.2.1) for this level or a higher one, as they are preferred. */
export function acrValues(level: AssuranceLevel): string {
  const enough = ASSURANCE_LEVELS.slice(ASSURANCE_LEVELS.indexOf(level));
  return enough.map((one) => PREFIX + one).join(' ');
}

/**
 * What is left out asks for nothing. What is misspelt must not: the core takes both as wishes, and whatever came
 * back would do.
 * @throws UserrefError `invalid_request`
 */
export function checkStepUp({ assuranceLevel, maxAgeSeconds }: StepUp): void {
  const isLevel = assuranceLevel === undefined || ASSURANCE_LEVELS.includes(assuranceLevel);
  const isAge = maxAgeSeconds === undefined || (Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds >= 0);
  if (isLevel && isAge) return;
  const what = isLevel ? 'maxAgeSeconds is no whole number of seconds.' : 'assuranceLevel is unknown.';
  throw new UserrefError('invalid_request', { detail: what });
}

/** The core takes `acr_values` as a wish, so the answer is what counts. */
export function checkAssurance(given: AssuranceLevel, asked: AssuranceLevel | undefined): void {
  if (asked === undefined || ASSURANCE_LEVELS.indexOf(given) >= ASSURANCE_LEVELS.indexOf(asked)) return;
  throw new UserrefError('insufficient_user_authentication');
}
