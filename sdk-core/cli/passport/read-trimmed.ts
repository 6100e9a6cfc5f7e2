import { readFileSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';

/** The text of a file, or of the standard input for `-`. A token in a file usually has a line end behind it. */
export function readTrimmed(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8').trim();
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}
