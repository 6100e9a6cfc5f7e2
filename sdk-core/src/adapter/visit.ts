import type { Attributes } from '../attributes/attributes.ts';
import type { FetchAttributesRequest } from '../attributes/fetch-attributes.ts';
import type { SiteAttributeName } from '../attributes/site-attributes.ts';
import type { Userref } from '../create-userref.ts';
import { ConsentRequiredError } from '../errors/consent-required-error.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { StartLoginRequest } from '../login/start-login.ts';
import { endCopies } from '../session/end-copies.ts';
import type { Session } from '../session/session.ts';
import { type Answer, redirectTo } from './answer.ts';
import { type ConsentQuestion, type ConsentState, consentState } from './consent-state.ts';
import { isPrefetch } from './http/prefetch.ts';
import { refusedPrefetch } from './http/refused-prefetch.ts';
import { isPageLoad } from './http/wants-html.ts';
import type { IncomingRequest } from './incoming-request.ts';

/** The signed-in visitor. No personal data. */
export type User = Pick<Session, 'userRef' | 'sid' | 'consents' | 'assuranceLevel' | 'authTime'>;

export type LoginRequest = Omit<StartLoginRequest, 'cookieHeader'>;

export interface ConsentRequest extends ConsentQuestion {
  /** Default: the page that is being shown. */
  readonly returnTo?: string | undefined;
  readonly startedBy?: StartLoginRequest['startedBy'];
}

/** Takes `Set-Cookie` values for the answer that the site gives itself. Does nothing where none can be set. */
export type WriteCookies = (setCookies: readonly string[]) => void;

/** The answer to an error of the SDK. */
export type AnswerError = (error: UserrefError, incoming: IncomingRequest) => Answer;

interface VisitParts {
  readonly userref: Userref;
  readonly incoming: IncomingRequest;
  readonly session: Session | null;
  readonly writeCookies: WriteCookies;
  readonly answerError: AnswerError;
}

/** One request of a visitor: who it is, and what can be done. What answers the request is an {@link Answer}. */
export class Visit {
  readonly #userref: Userref;
  readonly #incoming: IncomingRequest;
  readonly #writeCookies: WriteCookies;
  readonly #answerError: AnswerError;
  #session: Session | null;

  constructor({ userref, incoming, session, writeCookies, answerError }: VisitParts) {
    this.#userref = userref;
    this.#incoming = incoming;
    this.#writeCookies = writeCookies;
    this.#answerError = answerError;
    this.#session = session;
  }

  /** `null` when nobody is signed in. */
  get user(): User | null {
    if (this.#session === null) return null;
    const { userRef, sid, consents, assuranceLevel, authTime } = this.#session;
    return { userRef, sid, consents, assuranceLevel, authTime };
  }

  /**
   * Fetches values live from the person's cell; see `fetchAttributes` of `createUserref` for the errors.
   * `not_signed_in` without a user. A dead session is cleared, and a consent that is gone is noted.
   */
  async fetchAttributes<const Name extends SiteAttributeName>(
    names: readonly Name[],
    request: FetchAttributesRequest,
  ): Promise<Attributes<Name>> {
    const session = this.#session;
    if (session === null) throw new UserrefError('not_signed_in');
    try {
      return await this.#userref.fetchAttributes(session, names, request);
    } catch (error) {
      await this.#learnFrom(error, session);
      throw error;
    }
  }

  /** Sends the visitor to sign in. `returnTo` defaults to the page that is being shown. */
  async login(request: LoginRequest = {}): Promise<Answer> {
    if (isPrefetch(this.#incoming)) return refusedPrefetch;
    const returnTo = request.returnTo ?? this.#page();
    const cookieHeader = this.#incoming.header('cookie');
    const { url, setCookies } = await this.#userref.startLogin({ ...request, returnTo, cookieHeader });
    return redirectTo(url, setCookies);
  }

  /** Signs the visitor out here and at the core. For POST requests of the site's own pages only. */
  async logout(): Promise<Answer> {
    if (isPrefetch(this.#incoming)) return refusedPrefetch;
    const cookieHeader = this.#incoming.header('cookie');
    const { setCookies, logoutUrl } = await this.#userref.endSession({ cookieHeader });
    this.#session = null;
    return redirectTo(logoutUrl, setCookies);
  }

  /** Asks the visitor for attributes; they come back with or without having agreed. */
  async requestConsent(names: readonly SiteAttributeName[], request: ConsentRequest): Promise<Answer> {
    const { purpose, optional = [], returnTo, startedBy } = request;
    const attributes = [...new Set([...names, ...optional])];
    if (attributes.length === 0) {
      throw new UserrefError('unknown_attribute', { detail: 'No attribute is named.' });
    }
    return this.login({ attributes, purpose, returnTo, startedBy });
  }

  /** What this visitor shares of `names`, as far as the session knows. */
  consentState(names: readonly SiteAttributeName[], question: ConsentQuestion): ConsentState {
    return consentState(this.#session, names, question);
  }

  /** `null` lets a signed-in visitor pass. A page load goes to sign in and comes back; anything else gets 401. */
  async requireUser(): Promise<Answer | null> {
    return this.#answering(async () => {
      if (this.#session !== null) return null;
      if (!isPageLoad(this.#incoming)) throw new UserrefError('not_signed_in');
      return this.login({ startedBy: 'page' });
    });
  }

  /**
   * `null` lets visitors pass who share `names` for a purpose. A page load asks once in a visit, and signs in
   * on the way if need be; after a "no", and for anything but a page load, the answer is 403
   * `consent_required`. What passes is a hint: the cell decides again at each fetch.
   */
  async requireConsent(
    names: readonly SiteAttributeName[],
    question: ConsentQuestion,
  ): Promise<Answer | null> {
    return this.#answering(async () => {
      const { state, missing } = this.consentState(names, question);
      if (state === 'shared') return null;
      if (state === 'askable' && isPageLoad(this.#incoming)) {
        return this.requestConsent(names, { ...question, startedBy: 'page' });
      }
      if (this.#session === null) throw new UserrefError('not_signed_in');
      if (missing.length === 0) return null;
      throw new ConsentRequiredError({ attributes: missing, purpose: question.purpose });
    });
  }

  /** The answer to an error of the SDK: a page load whose session has died goes to sign in again. */
  async recover(error: UserrefError): Promise<Answer> {
    const isSignedOut = error.code === 'session_revoked' || error.code === 'not_signed_in';
    const mayReturn = isSignedOut && isPageLoad(this.#incoming);
    const answer = await this.#answering(async () => (mayReturn ? this.login({ startedBy: 'page' }) : null));
    return answer ?? this.#answerError(error, this.#incoming);
  }

  async #answering(work: () => Promise<Answer | null>): Promise<Answer | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UserrefError)) throw error;
      return this.#answerError(error, this.#incoming);
    }
  }

  /** The page that is being shown. A form's address is none, and one that is unsafe to come back to neither. */
  #page(): string {
    const { method, target } = this.#incoming;
    const isPage = method === 'GET' || method === 'HEAD';
    return isPage && this.#userref.isSafeReturnTo(target) ? target : '/';
  }

  async #learnFrom(error: unknown, session: Session): Promise<void> {
    if (error instanceof ConsentRequiredError) await this.#forgetConsents(error.attributes, session);
    else if (error instanceof UserrefError && error.code === 'session_revoked') await this.#end(session);
  }

  /** So that the next guard asks again instead of trusting an old hint. */
  async #forgetConsents(names: readonly string[], session: Session): Promise<void> {
    const consents = session.consents.filter((name) => !names.includes(name));
    if (consents.length === session.consents.length) return;
    const revised = await this.#userref.reviseSession(session, { consents });
    this.#session = revised.session;
    this.#writeCookies(revised.setCookies);
  }

  async #end(session: Session): Promise<void> {
    this.#session = null;
    await endCopies(this.#userref.revocations, session);
    this.#writeCookies(this.#userref.clearSession());
  }
}
