import { UserrefError } from '../../errors/userref-error.ts';
import type { Fingerprint, FingerprintKey } from '../fingerprints/fingerprint-key.ts';
import { searchedForms } from '../fingerprints/searched-forms.ts';
import type { Vault } from '../vault/vault.ts';

/** Opens what the vault holds of a person and lets nothing of it out but fingerprints. */
export class FingerprintValues {
  readonly #vault: Vault;
  readonly #key: FingerprintKey;

  constructor({ vault, key }: { vault: Vault; key: FingerprintKey }) {
    this.#vault = vault;
    this.#key = key;
  }

  /** None for who was erased meanwhile. @throws UserrefError `integrity_error`, `service_unavailable` */
  async of(person: { readonly tenantId: string; readonly subjectId: string }): Promise<Fingerprint[]> {
    const own = await this.#vault.readOwn(person).catch((error: unknown) => {
      if (error instanceof UserrefError && error.code === 'not_found') return undefined;
      throw error;
    });
    if (!own) return [];
    const opened = await this.#vault.openReleased({ ...person, epoch: own.epoch, sealed: own.sealed });
    return opened
      .flatMap(({ attribute, value }) =>
        searchedForms(attribute, value).map((folded) => this.#key.fingerprint(attribute, folded)),
      )
      .filter((one) => one !== undefined);
  }
}
