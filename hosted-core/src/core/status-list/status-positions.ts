import { randomBase32 } from '../../ids/random-ids.ts';
import { candidates, newList } from './status-list.ts';
import type { StatusListRepository } from './status-list-repository.ts';

const ATTEMPTS = 6;

export interface PassportToPlace {
  readonly siteId: string;
  readonly subjectId: string;
  readonly sid: string | undefined;
  readonly expiresAt: Date;
}

/** Gives every passport a place in a status list of its site (Token Status List §6.1). */
export class StatusPositions {
  readonly #repository: StatusListRepository;
  readonly #issuer: string;

  constructor(options: { repository: StatusListRepository; issuer: string }) {
    this.#repository = options.repository;
    this.#issuer = options.issuer;
  }

  /** The passport's `status` claim. A passport without a place could not be revoked, so none is issued. */
  async place(passport: PassportToPlace): Promise<{ status_list: { idx: number; uri: string } }> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = await this.#repository.allocate({ ...passport, candidates: candidates() });
      if (found) return { status_list: { idx: found.index, uri: statusListUri(this.#issuer, found.listId) } };
      await this.#repository.create({ listId: randomBase32(26), siteId: passport.siteId, ...newList() });
    }
    throw new Error('no place in a status list could be found');
  }
}

export function statusListUri(issuer: string, listId: string): string {
  return `${issuer}/status/${listId}`;
}
