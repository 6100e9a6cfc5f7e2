import type { SecretBox } from '../../../secrets/secret-box.ts';

/**
 * Seals what the cell must be able to give back to the upstream: the account's id there, and refresh tokens.
 * Each is bound to its tenant and its row.
 */
export class UpstreamSecrets {
  readonly #box: SecretBox;
  readonly #tenantId: string;

  constructor(box: SecretBox, tenantId: string) {
    this.#box = box;
    this.#tenantId = tenantId;
  }

  sealSub(accountRef: string, sub: string): Buffer {
    return this.#box.seal(this.#purpose('account', accountRef), Buffer.from(sub, 'utf8'));
  }

  /** @throws UserrefError `integrity_error` */
  openSub(accountRef: string, sealed: Buffer): string {
    return this.#box.open(this.#purpose('account', accountRef), sealed).toString('utf8');
  }

  sealToken(sessionHash: Buffer, token: string): Buffer {
    return this.#box.seal(this.#purpose('token', sessionHash.toString('hex')), Buffer.from(token, 'utf8'));
  }

  /** @throws UserrefError `integrity_error` */
  openToken(sessionHash: Buffer, sealed: Buffer): string {
    return this.#box.open(this.#purpose('token', sessionHash.toString('hex')), sealed).toString('utf8');
  }

  #purpose(what: string, row: string): string {
    return `upstream-${what}/${this.#tenantId}/${row}`;
  }
}
