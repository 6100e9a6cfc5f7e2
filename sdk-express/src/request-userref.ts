import type { Attributes, FetchAttributesRequest, SiteAttributeName } from '@userref/sdk-core';
import type { User, Visit } from '@userref/sdk-core/adapter';
import type { Response } from 'express';
import { keepFromCaches } from './send-answer.ts';

/** `req.userref`: what is known. */
export interface RequestUserref {
  /** `null` when nobody is signed in. */
  readonly user: User | null;
  /**
   * Fetches values live from the person's cell; see `fetchAttributes` of `@userref/sdk-core` for the errors.
   * `not_signed_in` without a user. A dead session is cleared, and a consent that is gone is noted. The answer is
   * `private, no-store` unless the site has set `Cache-Control`.
   */
  fetchAttributes<const Name extends SiteAttributeName>(
    names: readonly Name[],
    request: FetchAttributesRequest,
  ): Promise<Attributes<Name>>;
}

/** Shows no way to the session, whoever logs `req.userref`. */
export class VisitorFacts implements RequestUserref {
  readonly #visit: Visit;
  readonly #response: Response;

  constructor(visit: Visit, response: Response) {
    this.#visit = visit;
    this.#response = response;
  }

  get user(): User | null {
    return this.#visit.user;
  }

  fetchAttributes<const Name extends SiteAttributeName>(
    names: readonly Name[],
    request: FetchAttributesRequest,
  ): Promise<Attributes<Name>> {
    keepFromCaches(this.#response);
    return this.#visit.fetchAttributes(names, request);
  }
}
