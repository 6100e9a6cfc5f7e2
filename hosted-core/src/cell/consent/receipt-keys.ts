import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { appendAudit } from '../../audit/audit-log.ts';
import type { Database, Queryable } from '../../database/database.ts';
import type { SecretBox } from '../../secrets/secret-box.ts';
import {
  insertReceiptKey,
  listReceiptKeys,
  retireReceiptKeys,
  type StoredReceiptKey,
} from './receipt-keys-repository.ts';

export interface ReceiptKeysOptions {
  /** As `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  /** Seals the private keys. */
  readonly secrets: SecretBox;
}

const FRESH_MS = 30_000;
const ALG = 'ES256';
export const RECEIPT_TYPE = 'consent-receipt+jwt';

/**
 * The cell's own keys for consent receipts. People keep receipts for years, so retired keys stay published, and
 * no key of the core, which rotate and go, can sign one.
 */
export class ReceiptKeys {
  readonly #options: ReceiptKeysOptions;
  #loaded: { at: number; keys: StoredReceiptKey[] } | undefined;

  constructor(options: ReceiptKeysOptions) {
    this.#options = options;
  }

  /** A compact JWS with `typ: consent-receipt+jwt`. */
  async sign(claims: Record<string, unknown>): Promise<string> {
    const key = await this.#active();
    const opened = this.#options.secrets.open(this.#purpose(key.kid), key.sealedPrivateJwk);
    const privateKey = await importJWK(JSON.parse(opened.toString('utf8')) as JWK, ALG);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALG, typ: RECEIPT_TYPE, kid: key.kid })
      .sign(privateKey);
  }

  /** All public keys, also the retired ones (RFC 7517 §5). */
  async jwks(): Promise<{ keys: JWK[] }> {
    await this.#active();
    return { keys: (this.#loaded?.keys ?? []).map(({ publicJwk }) => publicJwk) };
  }

  /** Another key signs from now on. */
  async rotate(): Promise<void> {
    const { database, tenantId } = this.#options;
    await database.inTenant(tenantId, async (tx) => {
      await retireReceiptKeys(tx, tenantId);
      await this.#insert(tx);
      await appendAudit(tx, 'cell', [{ tenantId, action: 'receipt_key.rotated' }]);
    });
    this.#loaded = undefined;
  }

  async #active(): Promise<StoredReceiptKey> {
    const now = Date.now();
    if (!this.#loaded || now - this.#loaded.at > FRESH_MS)
      this.#loaded = { at: now, keys: await this.#load() };
    const active = this.#loaded.keys.find(({ retiredAt }) => retiredAt === null);
    if (!active) throw new Error('there is no active receipt key');
    return active;
  }

  /** Made when there is none; of two processes that make one at once, one wins. */
  async #load(): Promise<StoredReceiptKey[]> {
    const { database, tenantId } = this.#options;
    return database.inTenant(tenantId, async (tx) => {
      const keys = await listReceiptKeys(tx, tenantId);
      if (keys.some(({ retiredAt }) => retiredAt === null)) return keys;
      await this.#insert(tx);
      return listReceiptKeys(tx, tenantId);
    });
  }

  async #insert(tx: Queryable): Promise<void> {
    const { tenantId, secrets } = this.#options;
    const kid = randomBytes(12).toString('base64url');
    const { privateKey, publicKey } = await generateKeyPair(ALG, { extractable: true });
    const sealedPrivateJwk = secrets.seal(
      this.#purpose(kid),
      Buffer.from(JSON.stringify(await exportJWK(privateKey))),
    );
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: ALG, use: 'sig' };
    await insertReceiptKey(tx, { tenantId, kid, publicJwk, sealedPrivateJwk });
  }

  #purpose(kid: string): string {
    return `receipt-key/${this.#options.tenantId}/${kid}`;
  }
}
