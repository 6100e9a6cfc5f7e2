import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
/** Version 2.0: deflate; names in UTF-8 (APPNOTE 4.4.4, bit 11). */
const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATED = 8;

export interface ZipFile {
  /** Path inside the archive, parted by `/`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** An archive that every system opens (PKWARE APPNOTE 6.3), up to 4 GB. */
export async function zipArchive(files: readonly ZipFile[], at: Date): Promise<Buffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const path = Buffer.from(name, 'utf8');
    const packed = await deflate(bytes);
    const fields = commonFields({ at, bytes, packed, path });
    const local = Buffer.concat([signature(0x04034b50), fields, path, packed]);
    directory.push(Buffer.concat([signature(0x02014b50), u16(VERSION), fields, entryTail(offset), path]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(files.length), u16(files.length)];
  const end = [signature(0x06054b50), ...counts, u32(central.length), u32(offset), u16(0)];
  return Buffer.concat([...parts, central, ...end]);
}

/** What the local header and the directory say alike. */
function commonFields({
  at,
  bytes,
  packed,
  path,
}: {
  at: Date;
  bytes: Buffer;
  packed: Buffer;
  path: Buffer;
}) {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const numbers = [u16(VERSION), u16(UTF8), u16(DEFLATED), u16(time), u16(day), u32(crc32(bytes))];
  return Buffer.concat([...numbers, u32(packed.length), u32(bytes.length), u16(path.length), u16(0)]);
}

/** No comment, one disk, a plain file, and where it begins. */
function entryTail(offset: number): Buffer {
  return Buffer.concat([u16(0), u16(0), u16(0), u32(0), u32(offset)]);
}

function signature(value: number): Buffer {
  return u32(value);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
