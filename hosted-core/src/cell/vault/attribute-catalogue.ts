import { z } from 'zod';
import { ATTRIBUTE_CATALOGUE } from '../../contract/generated.ts';
import { UserrefError } from '../../errors/userref-error.ts';

/** How a derived attribute comes from a stored one. */
export interface DerivationRule {
  readonly from: string;
  readonly rule: 'age_at_least' | 'country';
  readonly years?: number;
}

/** One entry of `docs/contract/attributes.json`. */
export interface AttributeDefinition {
  readonly name: string;
  /** Values of one class share a data key. */
  readonly class: string;
  readonly schema_version: number;
  readonly predicate: boolean;
  readonly derived?: DerivationRule;
  /** JSON Schema of the value. */
  readonly schema: object;
}

interface Attribute extends AttributeDefinition {
  readonly accepts: (value: unknown) => boolean;
}

/** Which attributes there are, which class of keys each belongs to, and which values each takes. */
export class AttributeCatalogue {
  readonly #attributes: ReadonlyMap<string, Attribute>;

  constructor(definitions: readonly AttributeDefinition[] = ATTRIBUTE_CATALOGUE) {
    this.#attributes = new Map(
      definitions.map((one) => [one.name, { ...one, accepts: validator(one.schema) }]),
    );
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
    const attribute = this.#attributes.get(name);
    if (!attribute) {
      throw new UserrefError('unknown_attribute', { detail: 'A named attribute is not in the catalogue.' });
    }
    return attribute;
  }
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
