/** What crosses the wall of the catalogue: definitions, never values. */

/** How a derived attribute comes from a stored one. */
export interface Derivation {
  readonly from: string;
  readonly rule: 'age_at_least' | 'country' | 'country_one_of';
  /** For `age_at_least`. */
  readonly years?: number;
  /** For `country_one_of`: ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
}

/** An attribute, with the names that `docs/contract/attributes.json` gives to its parts. */
export interface AttributeEntry {
  readonly name: string;
  /** Values of one class share a data key. */
  readonly class: string;
  readonly schema_version: number;
  /** Releases yes or no, and no value. */
  readonly predicate: boolean;
  /** Set when the attribute is never stored. */
  readonly derived?: Derivation;
  /** By which rule pages show a value without showing it. */
  readonly mask: string;
  /** JSON Schema of the value. */
  readonly schema: object;
  /** By BCP 47 language; `en` is always there. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One member of `authorization_details` (RFC 9396), as the site asked and the core has checked it. */
export interface PiiAccess {
  readonly type: 'pii_access';
  readonly actions: readonly string[];
  /** Addresses of cells. */
  readonly locations: readonly string[];
  /** Names of attributes. */
  readonly datatypes: readonly string[];
  /** Id of a purpose that is registered for the site. */
  readonly purpose: string;
}
