import { createReadStream, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Where the search looks. `name` appears in the report, so it must not carry a value. */
export type CanaryPlace =
  | { readonly name: string; readonly kind: 'sqlite' | 'log'; readonly file: string }
  | { readonly name: string; readonly kind: 'cookies' | 'buffer'; readonly bytes: Uint8Array }
  | { readonly name: string; readonly kind: 'dump'; readonly read: () => Promise<Uint8Array> };

/**
 * The place's bytes, piece by piece. A SQLite place gives its file, the journals beside it, and every stored
 * value once more as text: in the file a long value may be cut in two by a page border.
 */
export async function* readPlace(place: CanaryPlace): AsyncGenerator<AsyncIterable<Buffer>> {
  if ('bytes' in place) return yield pieces([Buffer.from(place.bytes)]);
  if (place.kind === 'dump') return yield pieces([Buffer.from(await place.read())]);
  if (place.kind === 'log') return yield createReadStream(place.file);
  for (const ending of ['', '-wal', '-journal']) {
    if (existsSync(`${place.file}${ending}`)) yield createReadStream(`${place.file}${ending}`);
  }
  yield pieces(storedValues(place.file));
}

async function* pieces(source: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* source;
}

function* storedValues(file: string): Generator<Buffer> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    for (const { name } of database.prepare("select name from sqlite_schema where type = 'table'").all()) {
      for (const row of database.prepare(`select * from "${String(name).replaceAll('"', '""')}"`).iterate()) {
        for (const value of Object.values(row)) yield toBytes(value);
      }
    }
  } finally {
    database.close();
  }
}

// The line feed keeps two neighbouring values from forming a third.
function toBytes(value: unknown): Buffer {
  const bytes = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value));
  return Buffer.concat([bytes, Buffer.from('\n')]);
}
