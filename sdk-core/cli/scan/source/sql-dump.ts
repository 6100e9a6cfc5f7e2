import { rowName } from './row-key.ts';
import { readCopy, readCreate, readInsert } from './sql-names.ts';

export interface DumpPlace {
  readonly column?: string;
  readonly row?: string;
}

type Mode = 'statement' | 'comment' | 'string' | 'dollar' | 'values' | 'tuple' | 'value-string' | 'copy';

const SNIFFED_BYTES = 64 << 10;
const LOOKS_LIKE_DUMP =
  /^(INSERT INTO|REPLACE INTO|COPY [^\n]+ FROM stdin;|CREATE TABLE|-- (MySQL|MariaDB) dump|-- PostgreSQL database dump)/m;
const MYSQL = /-- (MySQL|MariaDB) dump|^(INSERT INTO|CREATE TABLE( IF NOT EXISTS)?) `/m;
const LONGEST_HEAD = 64 << 10;
const LONGEST_KEY = 40;

const [NEWLINE, TAB, QUOTE, BACKSLASH, OPEN, CLOSE, COMMA, SEMICOLON, DASH, DOLLAR] = [
  10, 9, 39, 92, 40, 41, 44, 59, 45, 36,
];

/**
 * Follows a dump of MySQL, MariaDB or PostgreSQL (INSERT or COPY) byte by byte, and tells of a place in which
 * column of which row it is. It keeps a few names and no rows.
 */
export class SqlDump {
  readonly #hasBackslashes: boolean;
  readonly #columnsOf = new Map<string, readonly string[]>();
  readonly #rowsOf = new Map<string, number>();
  #mode: Mode = 'statement';
  #head = '';
  #previous = 0;
  #isEscaped = false;
  #dollarTag = '';
  #table = '';
  #columns: readonly string[] = [];
  #column = 0;
  #depth = 0;
  #key = '';

  constructor({ hasBackslashes }: { hasBackslashes: boolean }) {
    this.#hasBackslashes = hasBackslashes;
  }

  /** @returns undefined for what does not begin like a dump */
  static recognise(bytes: Uint8Array): SqlDump | undefined {
    const text = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString('latin1');
    return LOOKS_LIKE_DUMP.test(text) ? new SqlDump({ hasBackslashes: MYSQL.test(text) }) : undefined;
  }

  /** Takes the next bytes. @returns for each of the ascending offsets in them, the place there */
  advance(bytes: Uint8Array, offsets: readonly number[]): DumpPlace[] {
    const places: DumpPlace[] = [];
    let next = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      while (next < offsets.length && offsets[next] === at) {
        places.push(this.#place());
        next += 1;
      }
      this.#take(bytes[at] as number);
    }
    return places;
  }

  #place(): DumpPlace {
    if (this.#mode !== 'tuple' && this.#mode !== 'value-string' && this.#mode !== 'copy') return {};
    const column = this.#columns[this.#column] ?? `column ${this.#column + 1}`;
    const row = rowName({
      column: this.#columns[0] ?? 'column 1',
      key: this.#key,
      number: (this.#rowsOf.get(this.#table) ?? 0) + 1,
      isKeyFound: this.#column === 0,
    });
    return { column: `${this.#table}.${column}`, row };
  }

  #take(byte: number): void {
    switch (this.#mode) {
      case 'copy':
        this.#takeCopy(byte);
        break;
      case 'tuple':
        this.#takeTuple(byte);
        break;
      case 'value-string':
        if (this.#endsString(byte)) this.#mode = 'tuple';
        else this.#keep(byte);
        break;
      case 'values':
        if (byte === OPEN) this.#beginRow('tuple');
        else if (byte === SEMICOLON) this.#beginStatement();
        break;
      case 'string':
        if (this.#endsString(byte)) this.#mode = 'statement';
        break;
      case 'comment':
        if (byte === NEWLINE) this.#mode = 'statement';
        break;
      case 'dollar':
        this.#takeDollar(byte);
        break;
      default:
        this.#takeStatement(byte);
    }
    this.#previous = byte;
  }

  #takeStatement(byte: number): void {
    if (byte === DASH && this.#previous === DASH) {
      this.#head = this.#head.slice(0, -1);
      this.#mode = 'comment';
    } else if (byte === QUOTE) this.#mode = 'string';
    else if (byte === SEMICOLON) this.#finishStatement();
    else if (byte === OPEN && this.#beginInsert()) this.#beginRow('tuple');
    else {
      if (this.#head.length < LONGEST_HEAD) this.#head += String.fromCharCode(byte);
      if (byte === DOLLAR) this.#beginDollar();
    }
  }

  #finishStatement(): void {
    const statement = this.#head.trim();
    const created = readCreate(statement);
    if (created) this.#columnsOf.set(created.table, created.columns);
    const copied = readCopy(statement);
    this.#beginStatement();
    if (!copied) return;
    this.#setTable(copied.table, copied.columns);
    // The rest of this line is no row yet.
    this.#rowsOf.set(this.#table, -1);
    this.#beginRow('copy');
  }

  #beginInsert(): boolean {
    const insert = /\bVALUES\s*$/i.test(this.#head.slice(-20)) ? readInsert(this.#head.trim()) : undefined;
    if (!insert) return false;
    this.#setTable(insert.table, insert.columns);
    return true;
  }

  #setTable(table: string, columns: readonly string[]): void {
    this.#table = table;
    this.#columns = columns.length > 0 ? columns : (this.#columnsOf.get(table) ?? []);
  }

  #beginStatement(): void {
    this.#mode = 'statement';
    this.#head = '';
  }

  #beginRow(mode: 'tuple' | 'copy'): void {
    this.#mode = mode;
    this.#column = 0;
    this.#depth = 0;
    this.#key = '';
  }

  #endRow(): void {
    this.#rowsOf.set(this.#table, (this.#rowsOf.get(this.#table) ?? 0) + 1);
  }

  #takeTuple(byte: number): void {
    if (byte === QUOTE) this.#mode = 'value-string';
    else if (byte === OPEN) this.#depth += 1;
    else if (byte === CLOSE && this.#depth > 0) this.#depth -= 1;
    else if (byte === CLOSE) {
      this.#endRow();
      this.#mode = 'values';
    } else if (byte === COMMA && this.#depth === 0) this.#column += 1;
    else this.#keep(byte);
  }

  #takeCopy(byte: number): void {
    if (byte === NEWLINE) {
      const isEnd = this.#column === 0 && this.#key === '\\.';
      this.#endRow();
      if (isEnd) this.#beginStatement();
      else this.#beginRow('copy');
    } else if (byte === TAB) this.#column += 1;
    else this.#keep(byte);
  }

  /** The first column's value, as long as it may be shown. */
  #keep(byte: number): void {
    if (this.#column === 0 && this.#key.length < LONGEST_KEY) this.#key += String.fromCharCode(byte);
  }

  /** A doubled quote ends a string and begins the next one, which comes to the same. */
  #endsString(byte: number): boolean {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      return false;
    }
    this.#isEscaped = this.#hasBackslashes && byte === BACKSLASH;
    return byte === QUOTE;
  }

  /** The body of a function: `$$ … $$`, `$tag$ … $tag$`. */
  #beginDollar(): void {
    const tag = /\$\w*\$$/.exec(this.#head)?.[0];
    if (tag === undefined) return;
    this.#dollarTag = tag;
    this.#mode = 'dollar';
    this.#key = '';
  }

  #takeDollar(byte: number): void {
    this.#key = (this.#key + String.fromCharCode(byte)).slice(-this.#dollarTag.length);
    if (this.#key === this.#dollarTag) this.#mode = 'statement';
  }
}
