import { UserrefError } from '../../errors/userref-error.ts';
import type { OpenedAttribute, SealedPerson } from '../vault/stored-attributes.ts';
import type { Vault } from '../vault/vault.ts';
import { derive } from './derived-attributes.ts';
import type { ReadAudit } from './read-audit.ts';
import { type AskedFor, entryFor } from './release-refusal.ts';
import type { Released } from './release-repository.ts';

export type Values = Record<string, unknown>;

export interface ReleasedValuesOptions {
  readonly vault: Vault;
  readonly audit: ReadAudit;
  readonly now: () => Date;
}

/**
 * From the ciphertexts of a release to the values by name: stored or derived, `null` for what the person does
 * not have. A value that does not open is written down as an alarm, and is an `integrity_error` for everybody.
 */
export class ReleasedValues {
  readonly #options: ReleasedValuesOptions;

  constructor(options: ReleasedValuesOptions) {
    this.#options = options;
  }

  /** The attributes that these names are read or derived from. Throws `unknown_attribute`. */
  storedNames(names: readonly string[]): string[] {
    const { catalogue } = this.#options.vault;
    return [...new Set(names.map((name) => catalogue.find(name).derived?.from ?? name))];
  }

  /** In this very turn; `undefined` when somebody must be asked for a key. */
  openAtOnce(asked: AskedFor, decision: Released): Promise<Values> | Values | undefined {
    try {
      const opened = this.#options.vault.openAtOnce(personOf(asked, decision));
      return opened && this.#byName(asked, opened);
    } catch (error) {
      return this.#alarm(error, asked, decision);
    }
  }

  async open(asked: AskedFor, decision: Released): Promise<Values> {
    try {
      return this.#byName(asked, await this.#options.vault.openReleased(personOf(asked, decision)));
    } catch (error) {
      return this.#alarm(error, asked, decision);
    }
  }

  #byName({ names }: AskedFor, opened: readonly OpenedAttribute[]): Values {
    const { vault, now } = this.#options;
    const values: Values = {};
    for (const name of names) {
      const { derived } = vault.catalogue.find(name);
      const stored = opened.find(({ attribute }) => attribute === (derived?.from ?? name))?.value;
      values[name] = derived ? derive(derived, stored, now()) : (stored ?? null);
    }
    return values;
  }

  async #alarm(error: unknown, asked: AskedFor, decision: Released): Promise<never> {
    if (error instanceof UserrefError && error.code === 'integrity_error')
      await this.#options.audit.record({ entry: entryFor(asked, 'vault.integrity', decision) });
    throw error;
  }
}

function personOf({ tenantId }: AskedFor, { subject_id: subjectId, epoch, sealed }: Released): SealedPerson {
  return { tenantId, subjectId, epoch, sealed };
}
