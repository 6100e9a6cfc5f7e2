import { openCheckpoint } from './checkpoint.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import type { NoteKey } from './signed-note.ts';

export type ProofVerdict =
  | { readonly ok: true; readonly log: string; readonly entries: number; readonly time: string }
  | { readonly ok: false; readonly index: number; readonly detail: string };

/**
 * Checks that every entry of a person's own extract stands in the log that was signed.
 * @param text what `userref-core audit proof` wrote
 * @throws EvidenceError when the checkpoint in it is not signed by one of the keys
 * @throws TypeError when the text is no such extract
 */
export function verifyProof(text: string, keys: readonly NoteKey[]): ProofVerdict {
  const { v, checkpoint: note, entries } = JSON.parse(text) as Record<string, unknown>;
  if (v !== 1 || typeof note !== 'string' || !Array.isArray(entries)) throw new TypeError('not an extract');
  const { log, size, root, time } = openCheckpoint(note, keys);
  for (const [at, one] of (entries as Record<string, unknown>[]).entries()) {
    const { entry, index, proof } = one;
    if (typeof entry !== 'string' || typeof index !== 'number' || !Array.isArray(proof))
      throw new TypeError('not an extract');
    const leaf = leafHash(Buffer.from(entry, 'utf8'));
    const path = proof.map((hash) => Buffer.from(String(hash), 'base64'));
    if (!verifyInclusion({ leaf, index, size, root, proof: path }))
      return {
        ok: false,
        index: at,
        detail: `entry ${at + 1} of the extract is not in the log that was signed`,
      };
  }
  return { ok: true, log, entries: entries.length, time };
}
