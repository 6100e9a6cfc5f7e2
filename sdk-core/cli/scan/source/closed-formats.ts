import { basename } from 'node:path';

/** What only looks empty: packed or encoded so that a search in its bytes would find nothing. */
const CLOSED: readonly { magic: string; why: string }[] = [
  {
    magic: 'PGDMP',
    why: 'it is in pg_dump’s own format. Unpack it: pg_restore --file=- FILE | userref scan -',
  },
  { magic: 'PK\x03\x04', why: 'it is a ZIP archive, or a document that is one. Unpack it first' },
  { magic: '\xfd7zXZ', why: 'it is packed by xz. Unpack it: xzcat FILE | userref scan -' },
  { magic: 'BZh', why: 'it is packed by bzip2. Unpack it: bzcat FILE | userref scan -' },
  { magic: '\x04\x22\x4d\x18', why: 'it is packed by lz4. Unpack it: lz4cat FILE | userref scan -' },
  { magic: '\x1f\x9d', why: 'it is packed by compress. Unpack it: zcat FILE | userref scan -' },
  { magic: '7z\xbc\xaf\x27\x1c', why: 'it is a 7z archive. Unpack it first' },
  { magic: 'Rar!\x1a\x07', why: 'it is a RAR archive. Unpack it first' },
  { magic: '%PDF-', why: 'it is a PDF. Make a text of it: pdftotext FILE - | userref scan -' },
  {
    magic: 'REDIS0',
    why: 'it is a snapshot of Redis, which packs values. Look into an append-only file without such a beginning (CONFIG SET aof-use-rdb-preamble no, then BGREWRITEAOF)',
  },
  { magic: 'Salted__', why: 'it is encrypted by openssl' },
  { magic: 'age-encryption.org/', why: 'it is encrypted by age' },
  { magic: '-----BEGIN PGP MESSAGE', why: 'it is encrypted by PGP' },
];

/** Why a search in what begins so would prove nothing; undefined where it does. */
export function whyClosed(start: Buffer, source: string): string | undefined {
  const text = start.toString('latin1', 0, 32);
  const [closed] = CLOSED.filter(({ magic }) => text.startsWith(magic));
  // The contents of a dump that pg_dump wrote as a folder: definitions as they are, and no row.
  return basename(source) === 'toc.dat' ? undefined : closed?.why;
}
