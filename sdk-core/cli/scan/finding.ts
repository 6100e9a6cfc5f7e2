/** Where personal data was found and of what kind it is; never the value. */
export interface Finding {
  /** File, or the database. A file in an archive is `archive.tar!path/in/it`. */
  readonly source: string;
  readonly kind: string;
  /** What it was wrapped in, the outermost first: `url-encoded`, `base64`, `hex`, …; empty for plain text. */
  readonly forms: readonly string[];
  /** Offset of the first byte in the file, after unpacking, and in UTF-8 where it is in UTF-16. */
  readonly offset?: number;
  /** From 1. */
  readonly line?: number;
  /** `schema.table.column` or `table.column`. */
  readonly column?: string;
  /** `id=17` where the row's key is a number or a UUID, else the number of the row in the table. */
  readonly row?: string;
}

/** What a source needs of the scan. */
export interface Scan {
  /** @param place `isPacked` where values stand side by side with nothing between them; `charset` of single bytes */
  search(
    bytes: Uint8Array,
    place?: { isPacked?: boolean; charset?: string | undefined },
  ): readonly { kind: string; start: number; last: number; forms: readonly string[] }[];
  found(finding: Finding): void;
  /** Bytes that were searched just now. */
  advance(bytes: number): void;
  /** Something that could not be looked into: the scan is then not clean, whatever it found. */
  unread(source: string, why: string): void;
  /** Aborts when the scan is to end before its time. */
  readonly signal?: AbortSignal;
}
