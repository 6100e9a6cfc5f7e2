import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SigningKeys } from '../oidc/signing-keys.ts';
import { BATCH_MS, encodeList, LIST_LIFE_SECONDS, LIST_TTL_SECONDS, stirDecoys } from './status-list.ts';
import type { ListBits, PublishedList, StatusListRepository } from './status-list-repository.ts';
import { statusListUri } from './status-positions.ts';

export interface StatusListPublisherOptions {
  readonly repository: StatusListRepository;
  readonly signingKeys: SigningKeys;
  readonly issuer: string;
  readonly now?: () => Date;
}

/** A list is signed anew at half its life as far as verifiers go, changed or not. */
const RENEW_MS = (LIST_TTL_SECONDS * 1_000) / 2;

/**
 * Signs status lists when they are asked for: a revocation is in every list fetched a second after it, and
 * all revocations of that second cost one signature. All processes serve the same bytes.
 */
export class StatusListPublisher {
  readonly #options: StatusListPublisherOptions;
  readonly #now: () => Date;
  readonly #publishing = new Map<string, Promise<void>>();

  constructor(options: StatusListPublisherOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** The signed list, or `undefined` when there is none of this id. */
  async find(listId: string): Promise<{ token: string; etag: string } | undefined> {
    const list = await this.#options.repository.find(listId);
    if (!list) return undefined;
    if (!this.#isDue(list)) return served(list);
    await this.#publishOnce(listId);
    const published = await this.#options.repository.find(listId);
    return published && served(published);
  }

  #isDue({ publishedAt, isChanged }: PublishedList): boolean {
    if (!publishedAt) return true;
    const ageMs = this.#now().getTime() - publishedAt.getTime();
    return ageMs >= RENEW_MS || (isChanged && ageMs >= BATCH_MS);
  }

  #publishOnce(listId: string): Promise<void> {
    let publishing = this.#publishing.get(listId);
    if (!publishing) {
      publishing = this.#options.repository
        .publish(listId, (list) => this.#sign(listId, list))
        .finally(() => this.#publishing.delete(listId));
      this.#publishing.set(listId, publishing);
    }
    return publishing;
  }

  async #sign(listId: string, list: ListBits) {
    const { signingKeys, issuer } = this.#options;
    stirDecoys(list);
    const { kid, key } = (await signingKeys.current()).active('ES256');
    const issuedAt = Math.floor(this.#now().getTime() / 1_000);
    const token = await new SignJWT({
      iss: issuer,
      sub: statusListUri(issuer, listId),
      iat: issuedAt,
      exp: issuedAt + LIST_LIFE_SECONDS,
      ttl: LIST_TTL_SECONDS,
      status_list: { bits: 1, lst: encodeList(list.bits) },
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'statuslist+jwt', kid })
      .sign(key);
    const etag = `"${createHash('sha256').update(token).digest('base64url')}"`;
    return { bits: list.bits, token, etag };
  }
}

function served({ token, etag }: PublishedList): { token: string; etag: string } | undefined {
  return token && etag ? { token, etag } : undefined;
}
