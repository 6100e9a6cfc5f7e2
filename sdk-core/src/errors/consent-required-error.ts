import { UserrefError, type UserrefErrorOptions } from './userref-error.ts';

export interface ConsentRequiredDetails extends UserrefErrorOptions {
  readonly code?: 'consent_required' | 'consent_expired';
  readonly attributes: readonly string[];
  readonly purpose: string;
}

/** The person has not agreed, or no longer agrees, to share `attributes` for `purpose`. Ask them, or do without. */
export class ConsentRequiredError extends UserrefError {
  override readonly name = 'ConsentRequiredError';
  /** The attributes that no live consent covers. */
  readonly attributes: readonly string[];
  readonly purpose: string;

  constructor(details: ConsentRequiredDetails) {
    super(details.code ?? 'consent_required', details);
    this.attributes = Object.freeze([...details.attributes]);
    this.purpose = details.purpose;
  }
}
