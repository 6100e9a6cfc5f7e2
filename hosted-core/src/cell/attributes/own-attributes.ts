import { UserrefError } from '../../errors/userref-error.ts';
import type { OpenedAttribute } from '../vault/stored-attributes.ts';
import type { Vault } from '../vault/vault.ts';
import type { ReadAudit } from './read-audit.ts';

export interface OwnAttributesOptions {
  readonly vault: Vault;
  readonly audit: ReadAudit;
}

export interface OwnAttributesRequest {
  readonly tenantId: string;
  /** The person who is signed in at the cell. */
  readonly subjectId: string;
  readonly requestId?: string | undefined;
}

/** People see what is held about themselves, restricted or not; that they looked is written down too. */
export class OwnAttributes {
  readonly #vault: Vault;
  readonly #audit: ReadAudit;

  constructor({ vault, audit }: OwnAttributesOptions) {
    this.#vault = vault;
    this.#audit = audit;
  }

  /** Sorted by name. Throws `not_found`, `integrity_error` and `service_unavailable`. */
  async read({ tenantId, subjectId, requestId }: OwnAttributesRequest): Promise<OpenedAttribute[]> {
    const own = await this.#vault.readOwn({ tenantId, subjectId });
    const attributes = own.sealed.values.map((one) => one.attribute);
    const entry = { tenantId, subjectRef: own.audit_ref, requestId, data: { attributes } };
    const person = { tenantId, subjectId, epoch: own.epoch, sealed: own.sealed };
    const opened = await this.#vault.openReleased(person).catch(async (error: unknown) => {
      if (error instanceof UserrefError && error.code === 'integrity_error') {
        await this.#audit.record({ entry: { ...entry, action: 'vault.integrity' } });
      }
      throw error;
    });
    await this.#audit.record({ entry: { ...entry, action: 'own_attributes.read' } });
    return opened;
  }
}
