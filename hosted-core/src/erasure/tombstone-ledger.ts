import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tombstone, TombstoneHalf } from './tombstone.ts';

/** The tombstones of one tenant and half, kept apart from the database and from its backups. */
export interface TombstoneLedger {
  /** The last tombstone, or `undefined` when there is none yet. Cheap: reads the end only. */
  head(): Promise<Tombstone | undefined>;
  /** All of them, in order. Throws for a ledger that was cut in the middle or changed. */
  entries(): AsyncIterable<Tombstone>;
  /** Appends in order; durable when it resolves. One caller at a time: hold `TombstoneRepository.lock`. */
  append(tombstones: readonly Tombstone[]): Promise<void>;
}

/** The last line of a ledger is never longer than this. */
const TAIL_BYTES = 4_096;

/**
 * A ledger in an append-only file, one JSON line a tombstone; each line carries the SHA-256 of the one before.
 * A last line that was not finished counts as not written: its tombstone is in the database and comes again.
 */
export class TombstoneLedgerFile implements TombstoneLedger {
  readonly #folder: string;
  readonly #path: string;

  constructor(place: { folder: string; tenantId: string; half: TombstoneHalf }) {
    this.#folder = place.folder;
    this.#path = join(place.folder, `${place.tenantId}.${place.half}.tombstones.jsonl`);
  }

  async head(): Promise<Tombstone | undefined> {
    const line = await this.#withFile('r', undefined, (file) => lastLine(file));
    return line === undefined ? undefined : parse(line).tombstone;
  }

  async *entries(): AsyncIterable<Tombstone> {
    const file = await openOr(this.#path, 'r');
    if (!file) return;
    try {
      let previous: string | undefined;
      let sequence = 0;
      const { end } = await completeLength(file);
      if (end === 0) return;
      for await (const line of file.readLines({ autoClose: false, end: end - 1 })) {
        const entry = parse(line);
        sequence += 1;
        if (entry.previous !== digestOf(previous) || entry.tombstone.sequence !== sequence)
          throw new Error(`The tombstone ledger was changed at line ${sequence}. Restore it from a copy.`);
        previous = line;
        yield entry.tombstone;
      }
    } finally {
      await file.close();
    }
  }

  async append(tombstones: readonly Tombstone[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#withFile('a+', undefined, async (file) => {
      const { end, size } = await completeLength(file);
      if (end < size) await file.truncate(end);
      let previous = await lastLine(file);
      let text = '';
      for (const tombstone of tombstones) {
        previous = format(tombstone, digestOf(previous));
        text += `${previous}\n`;
      }
      await file.appendFile(text);
      await file.sync();
    });
  }

  async #withFile<T>(flags: string, missing: T, work: (file: FileHandle) => Promise<T>): Promise<T> {
    const file = await openOr(this.#path, flags);
    if (!file) return missing;
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  }
}

async function openOr(path: string, flags: string): Promise<FileHandle | undefined> {
  return open(path, flags, 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Where the last finished line ends, and where the file does. */
async function completeLength(file: FileHandle): Promise<{ end: number; size: number }> {
  const { size } = await file.stat();
  const tail = await readTail(file, size);
  const newline = tail.lastIndexOf(0x0a);
  if (newline === -1 && size > tail.length) throw new Error('The tombstone ledger ends in something else.');
  return { end: size - tail.length + newline + 1, size };
}

async function lastLine(file: FileHandle): Promise<string | undefined> {
  const { end } = await completeLength(file);
  if (end === 0) return undefined;
  const tail = (await readTail(file, end)).toString('utf8').trimEnd();
  return tail.slice(tail.lastIndexOf('\n') + 1);
}

async function readTail(file: FileHandle, size: number): Promise<Buffer> {
  const length = Math.min(size, TAIL_BYTES);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer;
}

function digestOf(line: string | undefined): string | null {
  return line === undefined ? null : createHash('sha256').update(line, 'utf8').digest('hex');
}

function format(tombstone: Tombstone, previous: string | null): string {
  return JSON.stringify({
    v: 1,
    sequence: tombstone.sequence,
    tenant: tombstone.tenantId,
    tombstone: tombstone.tombstoneId,
    subject_sha256: tombstone.subjectSha256,
    request: tombstone.requestId,
    erased_at: tombstone.erasedAt.toISOString(),
    backups_until: tombstone.backupsUntil.toISOString(),
    previous,
  });
}

const HEX_32 = /^[0-9a-f]{64}$/;

function parse(line: string): { tombstone: Tombstone; previous: unknown } {
  let value: Record<string, unknown> = {};
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Falls through to the one refusal below.
  }
  const erasedAt = new Date(String(value.erased_at));
  const backupsUntil = new Date(String(value.backups_until));
  const wellFormed =
    value.v === 1 &&
    Number.isSafeInteger(value.sequence) &&
    HEX_32.test(String(value.subject_sha256)) &&
    !Number.isNaN(erasedAt.getTime()) &&
    !Number.isNaN(backupsUntil.getTime());
  if (!wellFormed) throw new Error('The tombstone ledger has a line that is none. Restore it from a copy.');
  const tombstone = {
    tenantId: String(value.tenant),
    tombstoneId: String(value.tombstone),
    sequence: Number(value.sequence),
    subjectSha256: String(value.subject_sha256),
    requestId: String(value.request),
    erasedAt,
    backupsUntil,
  };
  return { tombstone, previous: value.previous };
}
