import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { SiteDirectory } from '../sites/site-directory.ts';
import { clientMetadata } from './client-metadata.ts';
import type { PersonalHints } from './personal-hints.ts';
import { sha256Hex, unitOfWork } from './unit-of-work.ts';

/** What falls with its grant. A waiting interaction names a grant too, but must outlive it. */
const ISSUED_UNDER_A_GRANT = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/**
 * Where the OpenID engine keeps a kind of artifact. Values that open something (tokens, codes, session ids)
 * are stored as SHA-256 only and put back into the payload when one is presented.
 */
export class ArtifactAdapter implements Adapter {
  readonly #kind: string;
  readonly #hints: PersonalHints;

  constructor(kind: string, hints: PersonalHints) {
    this.#kind = kind;
    this.#hints = hints;
  }

  async find(value: string): Promise<AdapterPayload | undefined> {
    const found = await unitOfWork().find(value);
    if (!found || found.kind !== this.#kind) return undefined;
    const payload = this.#hints.reveal(value, found.payload);
    return { ...payload, jti: value, ...(found.consumed && { consumed: true }) } as AdapterPayload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return (await unitOfWork().findSessionByUid(uid)) as AdapterPayload | undefined;
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async upsert(value: string, payload: AdapterPayload, expiresInSeconds: number): Promise<void> {
    const { jti: _secret, ...kept } = this.#hints.hide(this.#kind, value, payload);
    unitOfWork().put(value, {
      kind: this.#kind,
      payload: kept,
      grant: payload.grantId && ISSUED_UNDER_A_GRANT.has(this.#kind) ? sha256Hex(payload.grantId) : null,
      session_uid: (this.#kind === 'Session' ? payload.uid : payload.sessionUid) ?? null,
      site_id: payload.clientId ?? null,
      subject_id: subjectOf(payload) ?? null,
      exp: Math.floor(Date.now() / 1000) + expiresInSeconds,
    });
  }

  async consume(value: string): Promise<void> {
    const found = await unitOfWork().find(value);
    unitOfWork().consume(value, found?.payload.grantId as string | undefined);
  }

  async destroy(value: string): Promise<void> {
    unitOfWork().remove(value);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await unitOfWork().revokeGrant(grantId);
  }
}

/** Whom an artifact is about: an interaction holds the person in what it remembers of session and outcome. */
function subjectOf(payload: AdapterPayload): string | undefined {
  const { accountId, session, result } = payload as {
    accountId?: string;
    session?: { accountId?: string };
    result?: { login?: { accountId?: string } };
  };
  return accountId ?? result?.login?.accountId ?? session?.accountId;
}

/** Sites are the engine's clients. They come from the directory and are never written by the engine. */
export class SiteAdapter implements Adapter {
  readonly #sites: SiteDirectory;

  constructor(sites: SiteDirectory) {
    this.#sites = sites;
  }

  async find(siteId: string): Promise<AdapterPayload | undefined> {
    const site = await this.#sites.find(siteId).catch((error: unknown) => {
      unitOfWork().fault ??= error;
      throw error;
    });
    if (site?.status !== 'enabled') return undefined;
    return clientMetadata(site) as AdapterPayload;
  }

  async upsert(): Promise<void> {
    throw new Error('Sites are registered by the operator, not by the engine.');
  }

  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async consume(): Promise<void> {}
  async destroy(): Promise<void> {}
  async revokeByGrantId(): Promise<void> {}
}
