import { existsSync, readFileSync } from 'node:fs';
import { type Checkpoint, EvidenceError, followSuccessions, openCheckpoint } from './checkpoint.ts';
import { type NoteKey, parseNoteKey } from './signed-note.ts';

/**
 * Public keys from the command line: each a key or a file with keys, one a line.
 * @throws TypeError for anything that is no key
 */
export function readKeys(values: readonly string[], keyChain: string | undefined): NoteKey[] {
  const given = values.flatMap((value) =>
    existsSync(value)
      ? readFileSync(value, 'utf8')
          .split('\n')
          .filter((line) => line.trim() !== '')
      : [value],
  );
  const successions = keyChain === undefined ? [] : readNotes(keyChain);
  return followSuccessions(
    given.map((key) => parseNoteKey(key.trim())),
    successions,
  );
}

/**
 * Checkpoints from a file with one note, or with a note in the member `note` of each JSON line, such as the
 * anchor file. Notes in other names than those of the keys belong to other logs and are passed over.
 * @throws EvidenceError when a signature does not fit, or when nothing is left
 */
export function readCheckpoints(path: string, keys: readonly NoteKey[]): Checkpoint[] {
  const names = new Set(keys.map((key) => key.name));
  const notes = readNotes(path);
  const ours = notes.length === 1 ? notes : notes.filter((note) => names.has(note.split('\n', 1)[0] ?? ''));
  if (ours.length === 0) throw new EvidenceError(`${path} holds no checkpoint in the name of a given key`);
  return ours.map((note) => openCheckpoint(note, keys));
}

function readNotes(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  if (!text.startsWith('{')) return [text];
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    const note = noteIn(line);
    if (note === undefined) throw new EvidenceError(`line ${index + 1} of ${path} holds no note`);
    return note;
  });
}

function noteIn(line: string): string | undefined {
  try {
    const { note } = JSON.parse(line) as { note?: unknown };
    return typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
