import { type Attributes, ConsentRequiredError, type Session, UserrefError } from '@userref/sdk-core';
import { addCookies, type Visit } from './visit.ts';

/** The signed-in visitor. No personal data. */
export type User = Pick<Session, 'userRef' | 'sid' | 'consents' | 'assuranceLevel' | 'authTime'>;

/** `req.userref`: what is known. */
export interface RequestUserref {
  /** `null` when nobody is signed in. */
  readonly user: User | null;
  /**
   * Fetches values live from the person's cell; see `fetchAttributes` of `@userref/sdk-core` for the errors.
   * `not_signed_in` without a user. A dead session is cleared, and a consent that is gone is noted.
   */
  fetchAttributes<const Name extends string>(
    names: readonly Name[],
    request: { readonly purpose: string },
  ): Promise<Attributes<Name>>;
}

export class VisitorFacts implements RequestUserref {
  readonly #visit: Visit;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  get user(): User | null {
    const { session } = this.#visit;
    if (session === null) return null;
    const { userRef, sid, consents, assuranceLevel, authTime } = session;
    return { userRef, sid, consents, assuranceLevel, authTime };
  }

  async fetchAttributes<const Name extends string>(
    names: readonly Name[],
    request: { readonly purpose: string },
  ): Promise<Attributes<Name>> {
    const { session, userref } = this.#visit;
    if (session === null) throw new UserrefError('not_signed_in');
    try {
      return await userref.fetchAttributes(session, names, request);
    } catch (error) {
      await this.#learnFrom(error, session);
      throw error;
    }
  }

  async #learnFrom(error: unknown, session: Session): Promise<void> {
    if (error instanceof ConsentRequiredError) await this.#forgetConsents(error.attributes, session);
    else if (error instanceof UserrefError && error.code === 'session_revoked') await this.#end(session);
  }

  /** So that the next guard asks again instead of trusting an old hint. */
  async #forgetConsents(names: readonly string[], session: Session): Promise<void> {
    const consents = session.consents.filter((name) => !names.includes(name));
    if (consents.length === session.consents.length) return;
    const revised = await this.#visit.userref.reviseSession(session, { consents });
    this.#visit.session = revised.session;
    addCookies(this.#visit.response, revised.setCookies);
  }

  async #end(session: Session): Promise<void> {
    const { userref, response } = this.#visit;
    this.#visit.session = null;
    await userref.revocations.revokeSession(session.sid, session.expiresAt);
    addCookies(response, userref.clearSession());
  }
}
