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

/** As `cell.sealed_values` answers: a line each, words in the order of its columns; `null` when there are none. */
export interface SealedColumns {
  readonly stored: string | null;
  readonly keys: string | null;
}

export function toSealedValues({ stored, keys }: SealedColumns): SealedValues {
  return { values: linesOf(stored).map(toStoredValue), keys: linesOf(keys).map(toStoredKey) };
}

function linesOf(text: string | null): string[] {
  return text === null ? [] : text.split('\n');
}

function toStoredValue(line: string): StoredValue {
  const [attribute = '', keyClass = '', keyVersion, rowRev, schemaVersion, source = '', valueEnc = ''] =
    line.split(' ');
  return {
    attribute,
    class: keyClass,
    key_version: Number(keyVersion),
    row_rev: Number(rowRev),
    schema_version: Number(schemaVersion),
    value_enc: valueEnc,
    source,
  };
}

function toStoredKey(line: string): StoredKey {
  const [keyClass = '', version, keyId = '', kekVersion, wrappedDek = ''] = line.split(' ');
  return {
    class: keyClass,
    version: Number(version),
    key_id: keyId,
    kek_version: Number(kekVersion),
    wrapped_dek: wrappedDek,
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
