import type { Finding, Scan } from '../finding.ts';
import { toBlocks } from './blocks.ts';
import { SqlDump } from './sql-dump.ts';

const NEWLINE = 0x0a;

export type Place = Omit<Finding, 'kind' | 'forms'>;

interface StreamOptions {
  readonly scan: Scan;
  readonly place: Place;
  /** Default true: lines and offsets are told. */
  readonly isText?: boolean;
  /** Default false: values stand side by side, with nothing between them, as in the files of a database. */
  readonly isPacked?: boolean;
  /** In which each byte is a letter; its text is searched beside the bytes. */
  readonly charset?: string | undefined;
}

/** Searches a stream of text or bytes; of a database dump it tells table, column and row. */
export async function scanStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { scan, place, isText = true, isPacked = false, charset }: StreamOptions,
): Promise<void> {
  let dump: SqlDump | undefined;
  let lines = 1;
  for await (const { bytes, base, from, to } of toBlocks(chunks)) {
    scan.signal?.throwIfAborted();
    if (isText && base === 0) dump = SqlDump.recognise(bytes);
    const own = scan
      .search(bytes, { isPacked, charset })
      .filter(({ last }) => base + last >= from && base + last < to);
    const news = bytes.subarray(from - base, to - base);
    const places = dump?.advance(
      news,
      own.map(({ last }) => last - (from - base)),
    );
    let counted = 0;
    for (const [index, { kind, start, last, forms }] of own.entries()) {
      const end = last - (from - base);
      lines += count(news, counted, end);
      counted = end;
      const where = isText ? { offset: base + start, line: lines, ...places?.[index] } : {};
      scan.found({ ...place, ...where, kind, forms });
    }
    lines += count(news, counted, news.length);
    scan.advance(news.length);
  }
}

/** Line ends from `start` up to, and without, `end`. */
function count(bytes: Uint8Array, start: number, end: number): number {
  let found = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1))
    found += 1;
  return found;
}
