import type { Finding, Scan } from '../finding.ts';
import { toBlocks } from './blocks.ts';
import { SqlDump } from './sql-dump.ts';

const NEWLINE = 0x0a;

export type Place = Omit<Finding, 'kind' | 'forms'>;

/** Searches a stream of text or bytes; of a database dump it tells table, column and row. */
export async function scanStream(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { scan, place, isText = true }: { scan: Scan; place: Place; isText?: boolean },
): Promise<void> {
  let dump: SqlDump | undefined;
  let lines = 1;
  for await (const { bytes, base, from, to } of toBlocks(chunks)) {
    if (isText && base === 0) dump = SqlDump.recognise(bytes);
    const own = scan.search(bytes).filter(({ last }) => base + last >= from && base + last < to);
    const news = bytes.subarray(from - base, to - base);
    const places = dump?.advance(
      news,
      own.map(({ last }) => last - (from - base)),
    );
    for (const [index, { kind, start, last, forms }] of own.entries()) {
      const line = lines + count(news, last - (from - base));
      const where = isText ? { offset: base + start, line, ...places?.[index] } : {};
      scan.found({ ...place, ...where, kind, forms });
    }
    lines += count(news, news.length);
    scan.advance(news.length);
  }
}

/** Line ends before `end`. */
function count(bytes: Uint8Array, end: number): number {
  let found = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) found += 1;
  return found;
}
