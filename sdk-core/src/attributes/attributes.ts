import { UserrefError } from '../errors/userref-error.ts';
import type { AttributeValues } from '../generated/contract.ts';
import type { SiteAttributes } from './site-attributes.ts';

/**
 * The type of an attribute's value: `null` for what the person agreed to share and does not have. Names that
 * an operator added are `unknown` until `userref types` has run.
 */
export type AttributeValue<Name extends string> = Name extends keyof SiteAttributes
  ? SiteAttributes[Name] | null
  : Name extends keyof AttributeValues
    ? AttributeValues[Name] | null
    : unknown;

const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * Personal data for this moment only: show it, use it, do not store it. Logs, JSON and text show names and
 * no values; `get` is the one way to a value.
 */
export class Attributes<Names extends string = string> {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: Readonly<Record<Names, unknown>>) {
    this.#values = new Map(Object.entries(values).map(([name, value]) => [name, deepFreeze(value)]));
    Object.freeze(this);
  }

  /** The names that were fetched. */
  get names(): readonly Names[] {
    return Object.freeze([...this.#values.keys()] as Names[]);
  }

  /** The value. A name that was not fetched is `unknown_attribute`. */
  get<Name extends Names>(name: Name): AttributeValue<Name> {
    if (!this.#values.has(name)) {
      throw new UserrefError('unknown_attribute', { detail: `${name} was not fetched.` });
    }
    return this.#values.get(name) as AttributeValue<Name>;
  }

  toJSON(): Record<string, '[redacted]'> {
    return Object.fromEntries(this.names.map((name) => [name, '[redacted]' as const]));
  }

  toString(): string {
    return `Attributes(${this.names.join(', ')})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

/** Without going down level by level: a cell that answers with a hundred thousand of them stops nothing. */
function deepFreeze(value: unknown): unknown {
  const found = [value];
  for (const one of found) {
    if (typeof one !== 'object' || one === null) continue;
    for (const member of Object.values(Object.freeze(one))) found.push(member);
  }
  return value;
}
