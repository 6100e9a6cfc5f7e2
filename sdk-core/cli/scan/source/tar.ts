const BLOCK = 512;
const MAGIC_AT = 257;
const [NAME, SIZE, TYPE, PREFIX] = [
  [0, 100],
  [124, 136],
  [156, 157],
  [345, 500],
] as const;

export interface TarMember {
  readonly name: string;
  /** Read to its end before the next member comes. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Whether what begins so is a tar archive (POSIX ustar, pax or GNU). */
export function isTar(start: Buffer): boolean {
  return start.toString('latin1', MAGIC_AT, MAGIC_AT + 5) === 'ustar';
}

/**
 * The members of a tar archive one after another, the long names among them as members of their own.
 * @throws Error when it ends in the middle
 */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const reader = new Reader(chunks);
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const size = sizeOf(header);
    const bytes = reader.stream(size);
    const name = [PREFIX, NAME].map((field) => text(header, field)).filter(Boolean);
    yield { name: name.join('/'), bytes };
    for await (const _ of bytes);
    await reader.take((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

function text(header: Buffer, [from, to]: readonly [number, number]): string {
  return header.toString('utf8', from, to).replace(/\0[\s\S]*$/, '');
}

/** Octal digits, or beyond 8 GB a number of bytes whose first bit is set. Links and folders have none. */
function sizeOf(header: Buffer): number {
  if (/[1-6]/.test(text(header, TYPE))) return 0;
  const [from, to] = SIZE;
  if ((header[from] as number) & 0x80) return Number(header.readBigUInt64BE(to - 8));
  const size = Number.parseInt(text(header, SIZE).trim() || '0', 8);
  if (Number.isSafeInteger(size)) return size;
  throw new Error('it is a damaged tar archive');
}

class Reader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** @returns undefined at the end */
  async take(size: number): Promise<Buffer | undefined> {
    while (this.#held.length < size) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      this.#held = Buffer.concat([this.#held, next.value]);
    }
    return this.#cut(size);
  }

  /** Can be read once; what was not read stays. */
  async *stream(size: number): AsyncGenerator<Uint8Array> {
    for (let left = size; left > 0; ) {
      const part = this.#held.length > 0 ? this.#cut(left) : await this.#next();
      if (part === undefined) throw new Error('it ends in the middle');
      if (part.length > left) this.#held = part.subarray(left);
      const own = part.subarray(0, left);
      left -= own.length;
      yield own;
    }
  }

  #cut(size: number): Buffer {
    const part = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(size);
    return part;
  }

  async #next(): Promise<Buffer | undefined> {
    const next = await this.#chunks.next();
    return next.done ? undefined : Buffer.from(next.value);
  }
}
