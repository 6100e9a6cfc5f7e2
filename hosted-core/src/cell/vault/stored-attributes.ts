/** One sealed value as it lies in `cell.users_pii`; `value_enc` in hexadecimal. */
export interface StoredValue {
  readonly attribute: string;
  readonly class: string;
  readonly key_version: number;
  readonly row_rev: number;
  readonly schema_version: number;
  readonly value_enc: string;
  readonly source: string;
}

/** One wrapped data key as it lies in `cell_keys.subject_keys`; `wrapped_dek` in hexadecimal. */
export interface StoredKey {
  readonly class: string;
  readonly version: number;
  readonly key_id: string;
  readonly kek_version: number;
  readonly wrapped_dek: string;
}

/** Values and the keys to them, of one snapshot. */
export interface SealedValues {
  readonly values: readonly StoredValue[];
  readonly keys: readonly StoredKey[];
}

/** As `cell.sealed_values` answers: lists, `null` when empty; they cost half of what objects would. */
export interface SealedColumns {
  readonly stored: readonly (readonly [string, string, number, number, number, string, string])[] | null;
  readonly keys: readonly (readonly [string, number, string, number, string])[] | null;
}

export function toSealedValues({ stored, keys }: SealedColumns): SealedValues {
  return {
    values: (stored ?? []).map(
      ([attribute, keyClass, key_version, row_rev, schema_version, value_enc, source]) => ({
        attribute,
        class: keyClass,
        key_version,
        row_rev,
        schema_version,
        value_enc,
        source,
      }),
    ),
    keys: (keys ?? []).map(([keyClass, version, key_id, kek_version, wrapped_dek]) => ({
      class: keyClass,
      version,
      key_id,
      kek_version,
      wrapped_dek,
    })),
  };
}

/** Sealed values together with whose they are, as the decision to open them found it. */
export interface SealedPerson {
  readonly tenantId: string;
  readonly subjectId: string;
  /** Read in the same statement as the values; keys cached under an older epoch are not used. */
  readonly epoch: number;
  readonly sealed: SealedValues;
}

export interface OpenedAttribute {
  readonly attribute: string;
  readonly value: unknown;
  /** Where the value came from, such as `upstream` or `person`. */
  readonly source: string;
}
