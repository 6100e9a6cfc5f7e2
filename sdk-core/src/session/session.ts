import type { AssuranceLevel } from '../generated/contract.ts';

/** A signed-in visitor. Times are Unix seconds. Holds no personal data. */
export interface Session {
  /** This site's own name for the person: `ppid_` and 26 characters. The key for your own records. */
  readonly userRef: string;
  /** The session at the core. */
  readonly sid: string;
  /** Attributes with a live consent when the session began or was last corrected. A hint, never a permission. */
  readonly consents: readonly string[];
  readonly assuranceLevel: AssuranceLevel;
  /** When the person last signed in at the core. */
  readonly authTime: number;
  /** When the passport of this session was issued, by the core's clock. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Purposes that this visitor was asked about in this session, and when. */
  readonly askedPurposes: Readonly<Record<string, number>>;
  /** Opaque; opens nothing without a live consent. Not enumerable: it shows in no JSON, log or spread. */
  readonly accessToken: string;
}

/** What a session holds besides its access token. */
export type SessionFields = Omit<Session, 'accessToken'>;

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A frozen session whose access token shows up nowhere by itself. */
export function createSession(fields: SessionFields, accessToken: string): Session {
  const visible = {
    ...fields,
    consents: Object.freeze([...fields.consents]),
    askedPurposes: Object.freeze({ ...fields.askedPurposes }),
  };
  return Object.freeze(
    Object.defineProperties({ ...visible } as Session, {
      // A getter: what shows hidden properties, such as `util.inspect` with `showHidden`, shows that there is one.
      accessToken: { get: () => accessToken, enumerable: false },
      [inspect]: { value: () => ({ ...visible, accessToken: '[redacted]' }), enumerable: false },
    }),
  );
}
