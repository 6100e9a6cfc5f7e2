/** Token Status List, draft-21 §7.1. */
export type PassportStatus = 'valid' | 'revoked' | 'suspended';

/** What the person at the fake core does when the site asks; sign-in itself always succeeds. */
export interface FakePerson {
  /** This site's name for them. */
  userRef: string;
  /** The session at the core. */
  sid: string;
  assuranceLevel: 'low' | 'substantial' | 'high';
  /** What they have, by attribute; what is shared of it becomes `consented`. */
  attributes: Record<string, unknown>;
  /** Whether they share what a login asks for. */
  shares: boolean;
  /** What the status list says of their passports. */
  passportStatus: PassportStatus;
}

export const USER_REF = 'ppid_abcdefghijklmnopqrstuvwx23';
export const SID = 'lHbS9qpF3kQm2xTz';
export const ACCESS_TOKEN = 'at_kQm2xTzlHbS9qpF3-kQm2xTzlHbS9qpF3_kQm2xTz';

export function samplePerson(): FakePerson {
  return {
    userRef: USER_REF,
    sid: SID,
    assuranceLevel: 'substantial',
    attributes: {
      'profile:name': 'Sample Person Amber',
      'contact:email': 'amber@sample.example',
      'address:shipping': { street_address: 'Sample Street 1', locality: 'Sampletown', country: 'NL' },
    },
    shares: true,
    passportStatus: 'valid',
  };
}
