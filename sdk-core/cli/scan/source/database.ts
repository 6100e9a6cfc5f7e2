import { Problem } from '../../console/problem.ts';
import type { Scan } from '../finding.ts';
import { BREAK } from '../match/folded-block.ts';
import type { OpenDatabase, Table } from './open-database.ts';
import { rowName } from './row-key.ts';
import { scanStream } from './scan-stream.ts';

/** Between rows, and between the values of one, which a first and a family name may be. */
const BETWEEN_ROWS = new Uint8Array([BREAK, 0x0a]);
const BETWEEN = new Uint8Array([0x09]);
/** Longer values are searched by themselves, piece by piece. */
const LONG_VALUE = 1 << 18;
const BATCH_BYTES = 1 << 20;

/** Searches every value of every table that the role may read. */
export async function scanDatabase(url: string, scan: Scan): Promise<void> {
  const database = await open(url);
  try {
    for (const { name, why } of database.closed) scan.unread(`${database.name}: ${name}`, why);
    for (const table of await database.tables()) {
      await scanTable(database, { table, scan }).catch((error: unknown) => {
        scan.signal?.throwIfAborted();
        scan.unread(`${database.name}: ${table.name}`, (error as Error).message);
      });
    }
  } finally {
    await database.close();
  }
}

async function open(url: string): Promise<OpenDatabase> {
  const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: '' };
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1] ?? '';
  if (['postgres', 'postgresql'].includes(scheme) && URL.canParse(url)) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url);
  }
  if (['mysql', 'mariadb'].includes(scheme) && pathname.length > 1) {
    const { openMysql } = await import('./mysql.ts');
    return openMysql(url);
  }
  throw new Problem({
    what: 'The address of the database is of no kind that can be searched, or names no database.',
    fix: 'Give postgres://…/NAME or mysql://…/NAME, or make a dump and search that.',
  });
}

/** A place in the batch, by where its value begins. */
interface Entry {
  readonly start: number;
  readonly column: string;
  readonly row: string;
}

async function scanTable(
  database: OpenDatabase,
  { table, scan }: { table: Table; scan: Scan },
): Promise<void> {
  const batch = new Batch(database.name, scan);
  let number = 0;
  for await (const rows of database.rows(table)) {
    for (const row of rows) {
      number += 1;
      batch.endRow();
      for (const [index, cell] of row.entries()) {
        if (cell === null) continue;
        const bytes = typeof cell === 'string' ? Buffer.from(cell, 'utf8') : cell;
        const name = rowName({
          column: table.columns[0] ?? '',
          key: String(row[0]),
          number,
          isKeyFound: index === 0,
        });
        const place = { column: `${table.name}.${table.columns[index]}`, row: name };
        if (bytes.length < LONG_VALUE) batch.add(bytes, place);
        else await scanStream([bytes], { scan, place: { source: database.name, ...place }, isText: false });
      }
    }
  }
  batch.search();
}

/** Many short values are searched at once. */
class Batch {
  readonly #source: string;
  readonly #scan: Scan;
  #parts: Uint8Array[] = [];
  #entries: Entry[] = [];
  #size = 0;

  constructor(source: string, scan: Scan) {
    this.#source = source;
    this.#scan = scan;
  }

  add(bytes: Uint8Array, place: Omit<Entry, 'start'>): void {
    this.#entries.push({ start: this.#size, ...place });
    this.#parts.push(bytes, BETWEEN);
    this.#size += bytes.length + BETWEEN.length;
  }

  endRow(): void {
    this.#parts.push(BETWEEN_ROWS);
    this.#size += BETWEEN_ROWS.length;
    if (this.#size >= BATCH_BYTES) this.search();
  }

  search(): void {
    let next = 0;
    for (const { kind, forms, last } of this.#scan.search(Buffer.concat(this.#parts, this.#size))) {
      while ((this.#entries[next + 1]?.start ?? Number.POSITIVE_INFINITY) <= last) next += 1;
      const entry = this.#entries[next];
      if (!entry) continue;
      const { column, row } = entry;
      this.#scan.found({ source: this.#source, kind, forms, column, row });
    }
    this.#scan.advance(this.#size);
    this.#parts = [];
    this.#entries = [];
    this.#size = 0;
  }
}
