import { z } from 'zod';
import { ATTRIBUTE_CATALOGUE } from '../../contract/generated.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';

export type { Derivation as DerivationRule } from '../../wall/catalogue.ts';
/** One entry of `docs/contract/attributes.json`, or one that the operator added. */
export type AttributeDefinition = AttributeEntry;

interface Attribute extends AttributeDefinition {
  readonly accepts: (value: unknown) => boolean;
}

/** Which attributes there are, which class of keys each belongs to, and which values each takes. */
export class AttributeCatalogue {
  readonly #standard: ReadonlyMap<string, Attribute>;
  #added: ReadonlyMap<string, Attribute> = new Map();

  constructor(definitions: readonly AttributeDefinition[] = ATTRIBUTE_CATALOGUE) {
    this.#standard = compiled(definitions);
  }

  /** Replaces what the operator added. The default catalogue wins over an addition of the same name. */
  learn(definitions: readonly AttributeDefinition[]): void {
    this.#added = compiled(definitions);
  }

  has(name: string): boolean {
    return this.#standard.has(name) || this.#added.has(name);
  }

  /** All, the default catalogue first. */
  list(): AttributeDefinition[] {
    const added = [...this.#added.values()].filter(({ name }) => !this.#standard.has(name));
    return [...this.#standard.values(), ...added];
  }

  /** Throws `unknown_attribute`. */
  find(name: string): AttributeDefinition {
    return this.#find(name);
  }

  /**
   * The value's canonical bytes for storage. Throws `unknown_attribute`, and `invalid_request` when the
   * value does not fit its schema or the attribute is never stored. The value is in no error.
   */
  encode(name: string, value: unknown): Buffer {
    const attribute = this.#find(name);
    if (attribute.derived) throw refused(name, 'is derived from another attribute and never stored');
    if (!attribute.accepts(value) || !isWellFormed(value))
      throw refused(name, 'has a value that its schema does not allow');
    return Buffer.from(JSON.stringify(value), 'utf8');
  }

  #find(name: string): Attribute {
    const attribute = this.#standard.get(name) ?? this.#added.get(name);
    if (!attribute) {
      throw new UserrefError('unknown_attribute', { detail: 'A named attribute is not in the catalogue.' });
    }
    return attribute;
  }
}

function compiled(definitions: readonly AttributeDefinition[]): Map<string, Attribute> {
  return new Map(definitions.map((one) => [one.name, { ...one, accepts: validator(one.schema) }]));
}

function validator(schema: object): (value: unknown) => boolean {
  const check = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  return (value) => check.safeParse(value).success;
}

/** Half a surrogate pair survives JSON, but not the next system that reads it. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWellFormed(member));
}

function refused(name: string, why: string): UserrefError {
  return new UserrefError('invalid_request', { detail: `The attribute ${name} ${why}.` });
}
