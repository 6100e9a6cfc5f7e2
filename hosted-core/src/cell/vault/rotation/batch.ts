import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserrefError } from '../../../errors/userref-error.ts';
import type { KeyScope } from '../key-repository.ts';

export interface BatchRequest extends KeyScope {
  /** Goes on after this person; `null` for the beginning. */
  readonly after: string | null;
  /** At most so many rows, or people. */
  readonly limit: number;
}

export interface Batch {
  /** Rows or people that were looked at; none means that the pass is over. */
  readonly seen: number;
  readonly moved: number;
  /** What does not open, and was left as it is. */
  readonly unreadable: number;
  readonly cursorAfter: string | undefined;
}

const TURN = 8;

/** Lets requests of the same process through after every few rows. */
export async function breathe(index: number): Promise<void> {
  if (index % TURN === TURN - 1) await nextTurn();
}

/** A row that does not open must not stop the rest; a key service that is away must. */
export function isDamage(error: unknown): boolean {
  return error instanceof UserrefError && error.code === 'integrity_error';
}
