import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNote } from '../../../src/audit/signed-note.ts';
import { makeAuditVectors } from '../../support/audit-vectors.ts';

const folder = join(import.meta.dirname, '../../../../docs/contract/vectors/audit');
const made = await makeAuditVectors();

describe('the shared vectors of the audit log', () => {
  it('are what this version makes: a change of bytes is a new format', () => {
    for (const [name, content] of made)
      expect(JSON.parse(readFileSync(join(folder, name), 'utf8')), name).toEqual(
        JSON.parse(JSON.stringify(content)),
      );
    expect(globSync('**/*.json', { cwd: folder }).sort()).toEqual([...made.keys()].sort());
  });

  it('hold notes that open, and notes that do not', () => {
    const { accepted, refused } = JSON.parse(readFileSync(join(folder, 'notes.json'), 'utf8'));
    for (const { name, public_keys, note } of accepted)
      expect(openNote(note, public_keys), name).toBeDefined();
    for (const { name, public_keys, note } of refused)
      expect(openNote(note, public_keys), name).toBeUndefined();
    expect([accepted.length, refused.length]).toEqual([3, 5]);
  });
});
