import type { SiteAttributeName } from '@userref/sdk-core';
import type { ConsentRequest, LoginRequest, Visit } from '@userref/sdk-core/adapter';
import { type Exchange, sendAnswer } from './send-answer.ts';

/** `res.userref`: what can be done. Each of these answers the request. */
export interface ResponseUserref {
  /** Sends the visitor to sign in. `returnTo` defaults to the page that is being shown. */
  login(request?: LoginRequest): Promise<void>;
  /** Signs the visitor out here and at the core. Call it for POST requests of your own pages only. */
  logout(): Promise<void>;
  /** Asks the visitor for attributes; they come back with or without having agreed. */
  requestConsent(names: readonly SiteAttributeName[], request: ConsentRequest): Promise<void>;
}

export class VisitorActions implements ResponseUserref {
  readonly #visit: Visit;
  readonly #exchange: Exchange;

  constructor(visit: Visit, exchange: Exchange) {
    this.#visit = visit;
    this.#exchange = exchange;
  }

  async login(request: LoginRequest = {}): Promise<void> {
    sendAnswer(await this.#visit.login(request), this.#exchange);
  }

  async logout(): Promise<void> {
    sendAnswer(await this.#visit.logout(), this.#exchange);
  }

  async requestConsent(names: readonly SiteAttributeName[], request: ConsentRequest): Promise<void> {
    sendAnswer(await this.#visit.requestConsent(names, request), this.#exchange);
  }
}
