import { hash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

/** What a change left behind, waiting for its number. */
export interface PendingEntry {
  readonly entryId: string;
  /** RFC 3339 in UTC with microseconds. */
  readonly time: string;
  readonly action: string;
  readonly siteId: string | null;
  readonly subjectRef: string | null;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, JsonValue>>;
}

/** Where an entry stands in its log. */
export interface EntryPosition {
  /** Name of the log, `userref.audit/{core|cell}/{tenant}/{random}`: no entry fits into another one. */
  readonly log: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** Leaf hash of the entry before; for the first one {@link firstLink}. */
  readonly prev: Buffer;
}

/**
 * The bytes that are hashed, stored and exported (RFC 8785). Members without a value are left out.
 * `docs/guides/audit.md` lists the members; `docs/contract/vectors/audit` has examples.
 */
export function encodeEntry(entry: PendingEntry, position: EntryPosition): Buffer {
  const text = canonicalJson({
    v: 1,
    log: position.log,
    seq: position.seq,
    prev: position.prev.toString('base64'),
    time: entry.time,
    action: entry.action,
    site: entry.siteId ?? undefined,
    subject: entry.subjectRef ?? undefined,
    request: entry.requestId ?? undefined,
    data: Object.keys(entry.data).length === 0 ? undefined : entry.data,
  });
  return Buffer.from(text, 'utf8');
}

/** What the first entry of a log names in place of an entry before it. */
export function firstLink(log: string): Buffer {
  return hash('sha256', log, 'buffer');
}
