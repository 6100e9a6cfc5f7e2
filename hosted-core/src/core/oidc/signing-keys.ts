import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Queryable } from '../../database/database.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import type {
  SigningAlg,
  SigningKeyRepository,
  SigningKeyState,
  StoredSigningKey,
} from './signing-key-repository.ts';

const ALGS: readonly SigningAlg[] = ['ES256', 'RS256'];
/** How long another process's rotation may go unseen; the next key is published long before it signs. */
const FRESH_MS = 30_000;
/** Twice the longest life of a passport, so that nothing alive loses its key. */
const KEEP_RETIRED_SECONDS = 2 * 3600;

export interface SigningKeySet {
  /** Changes whenever a key was added, promoted or removed. */
  readonly fingerprint: string;
  /** All published keys with their private parts, active ones first. */
  readonly jwks: readonly JWK[];
  active(alg: SigningAlg): { readonly kid: string; readonly key: CryptoKey };
}

/**
 * The keys that sign passports. For each algorithm one key signs and the next is already published, so that
 * a rotation surprises no verifier's cache.
 */
export class SigningKeys {
  readonly #repository: SigningKeyRepository;
  readonly #secrets: SecretBox;
  readonly #tenantId: string;
  #loaded: { at: number; set: Promise<SigningKeySet> } | undefined;

  constructor(options: { repository: SigningKeyRepository; secrets: SecretBox; tenantId: string }) {
    this.#repository = options.repository;
    this.#secrets = options.secrets;
    this.#tenantId = options.tenantId;
  }

  /** The current set; made when the tenant has none yet. */
  async current(): Promise<SigningKeySet> {
    const now = Date.now();
    if (!this.#loaded || now - this.#loaded.at > FRESH_MS) {
      const previous = this.#loaded?.set;
      const set = this.#load();
      this.#loaded = { at: now, set };
      // A database that is away for a moment does not stop us from signing with what we have.
      set.catch(() => {
        this.#loaded = previous && { at: now, set: previous };
      });
    }
    return this.#loaded.set;
  }

  /** The published next key signs from now on; a new next key is published. */
  async rotate(): Promise<void> {
    await this.#repository.exclusively(async (tx) => {
      await this.#complete(tx);
      for (const alg of ALGS) {
        await this.#repository.promote(tx, alg);
        await this.#repository.insert(tx, await this.#make(alg, 'next'));
      }
      await this.#repository.deleteRetired(tx, KEEP_RETIRED_SECONDS);
      await appendAudit(tx, 'core', [{ tenantId: this.#tenantId, action: 'signing_key.rotated' }]);
    });
    this.#loaded = undefined;
  }

  async #load(): Promise<SigningKeySet> {
    let stored = await this.#repository.list();
    if (!isComplete(stored)) {
      stored = await this.#repository.exclusively(async (tx) => {
        await this.#complete(tx);
        return this.#repository.listIn(tx);
      });
    }
    return this.#open(stored);
  }

  async #complete(tx: Queryable): Promise<void> {
    const present = await this.#repository.listIn(tx);
    for (const alg of ALGS) {
      for (const state of ['active', 'next'] as const) {
        if (present.some((key) => key.alg === alg && key.state === state)) continue;
        await this.#repository.insert(tx, await this.#make(alg, state));
      }
    }
  }

  async #make(alg: SigningAlg, state: SigningKeyState): Promise<StoredSigningKey> {
    const kid = randomBytes(12).toString('base64url');
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' };
    const sealed = this.#secrets.seal(this.#purpose(kid), Buffer.from(JSON.stringify(jwk)));
    return { kid, alg, state, sealed_private_jwk: sealed };
  }

  async #open(stored: readonly StoredSigningKey[]): Promise<SigningKeySet> {
    const jwks = stored.map(
      (key) =>
        JSON.parse(
          this.#secrets.open(this.#purpose(key.kid), key.sealed_private_jwk).toString('utf8'),
        ) as JWK,
    );
    const active = new Map<SigningAlg, { kid: string; key: CryptoKey }>();
    for (const [index, key] of stored.entries()) {
      if (key.state !== 'active') continue;
      active.set(key.alg, { kid: key.kid, key: (await importJWK(jwks[index] as JWK, key.alg)) as CryptoKey });
    }
    return {
      fingerprint: stored.map((key) => `${key.kid}:${key.state}`).join(),
      jwks,
      active(alg) {
        const key = active.get(alg);
        if (!key) throw new Error(`no active signing key for ${alg}`);
        return key;
      },
    };
  }

  #purpose(kid: string): string {
    return `signing-key/${this.#tenantId}/${kid}`;
  }
}

function isComplete(keys: readonly StoredSigningKey[]): boolean {
  return ALGS.every((alg) =>
    (['active', 'next'] as const).every((state) =>
      keys.some((key) => key.alg === alg && key.state === state),
    ),
  );
}
