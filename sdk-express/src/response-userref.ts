import { type StartLoginRequest, UserrefError } from '@userref/sdk-core';
import { refusePrefetch } from './http/prefetch.ts';
import { redirect } from './http/redirect.ts';
import { addCookies, type Visit } from './visit.ts';

export type LoginRequest = Omit<StartLoginRequest, 'cookieHeader'>;

export interface ConsentRequest {
  readonly purpose: string;
  /** Asked for with the others, and not needed. */
  readonly optional?: readonly string[] | undefined;
  /** Default: the page that is being shown. */
  readonly returnTo?: string | undefined;
  readonly startedBy?: StartLoginRequest['startedBy'];
}

/** `res.userref`: what can be done. Each of these answers the request. */
export interface ResponseUserref {
  /** Sends the visitor to sign in. `returnTo` defaults to the page that is being shown. */
  login(request?: LoginRequest): Promise<void>;
  /** Signs the visitor out here and at the core. Call it for POST requests of your own pages only. */
  logout(): Promise<void>;
  /** Asks the visitor for attributes; they come back with or without having agreed. */
  requestConsent(names: readonly string[], request: ConsentRequest): Promise<void>;
}

export class VisitorActions implements ResponseUserref {
  readonly #visit: Visit;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  async login(request: LoginRequest = {}): Promise<void> {
    const { userref, request: incoming, response } = this.#visit;
    if (refusePrefetch(incoming, response)) return;
    const returnTo = request.returnTo ?? pageOf(this.#visit);
    const cookieHeader = incoming.headers.cookie;
    const { url, setCookies } = await userref.startLogin({ ...request, returnTo, cookieHeader });
    addCookies(response, setCookies);
    redirect(response, url);
  }

  async logout(): Promise<void> {
    const { userref, request, response } = this.#visit;
    if (refusePrefetch(request, response)) return;
    const { setCookies, logoutUrl } = await userref.endSession({ cookieHeader: request.headers.cookie });
    this.#visit.session = null;
    addCookies(response, setCookies);
    redirect(response, logoutUrl);
  }

  async requestConsent(names: readonly string[], request: ConsentRequest): Promise<void> {
    const { purpose, optional = [], returnTo, startedBy } = request;
    const attributes = [...new Set([...names, ...optional])];
    if (attributes.length === 0)
      throw new UserrefError('unknown_attribute', { detail: 'No attribute is named.' });
    return this.login({ attributes, purpose, returnTo, startedBy });
  }
}

/** The page that is being shown. A form's address is none, and one that is unsafe to come back to neither. */
function pageOf({ request, userref }: Visit): string {
  const isPage = request.method === 'GET' || request.method === 'HEAD';
  return isPage && userref.isSafeReturnTo(request.originalUrl) ? request.originalUrl : '/';
}
