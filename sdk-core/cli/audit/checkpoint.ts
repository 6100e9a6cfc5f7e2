import { type NoteKey, openNote, parseNoteKey } from './signed-note.ts';

/** What somebody signed about a log (C2SP tlog-checkpoint with two extension lines). */
export interface Checkpoint {
  readonly log: string;
  /** How many entries it covers. */
  readonly size: number;
  readonly root: Buffer;
  /** Leaf hash of the last entry. */
  readonly head: Buffer;
  /** RFC 3339. */
  readonly time: string;
}

const CHECKPOINT =
  /^(?<log>[^\s+]+)\n(?<size>0|[1-9]\d{0,14})\n(?<root>[A-Za-z0-9+/]{43}=)\nhead (?<head>[A-Za-z0-9+/]{43}=)\ntime (?<time>\S+)\n$/;
const SUCCESSION = /^userref\.audit\/key-succession\/v1\n(?<log>[^\s+]+)\n(?<key>\S+)\n\S+\n$/;
const LOG_SUCCESSION =
  /^userref\.audit\/log-succession\/v1\n(?<log>[^\s+]+)\n\d{1,15}\n[A-Za-z0-9+/]{43}=\n(?<next>[^\s+]+)\n(?<key>\S+)\n\S+\n$/;

/** Why evidence does not count. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

/** @throws EvidenceError when no key signed it, or when it is no checkpoint */
export function openCheckpoint(note: string, keys: readonly NoteKey[]): Checkpoint {
  const opened = openNote(note, keys);
  if (!opened) throw new EvidenceError('the checkpoint is not signed by the given key, or it was altered');
  const groups = CHECKPOINT.exec(opened.text)?.groups;
  const { log = '', size = '', root = '', head = '', time = '' } = groups ?? {};
  if (!groups || !opened.signedBy.some((key) => key.name === log))
    throw new EvidenceError('the note is signed, but it is no checkpoint of an audit log');
  return {
    log,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    head: Buffer.from(head, 'base64'),
    time,
  };
}

/**
 * The given keys, and those that they vouch for, one after the other: newer keys of the same log, and keys of the
 * log that follows one which was closed. A note counts when an accepted key of the log and the new key signed it.
 */
export function followSuccessions(given: readonly NoteKey[], successions: readonly string[]): NoteKey[] {
  const keys = [...given];
  for (const note of successions) {
    const opened = openNote(note, keys);
    if (!opened) continue;
    const groups = (SUCCESSION.exec(opened.text) ?? LOG_SUCCESSION.exec(opened.text))?.groups;
    const { log = '', next: nextLog = log, key = '' } = groups ?? {};
    if (key === '' || !opened.signedBy.some((one) => one.name === log)) continue;
    const next = parseNoteKey(key);
    if (next.name === nextLog && openNote(note, [next])) keys.push(next);
  }
  return keys;
}
