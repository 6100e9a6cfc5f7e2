import type { ErasureQuery, ErasureReceipt, ErasureRequest } from '../../wall/erasure.ts';
import { erasePerson, erasureReceipt } from './erase-person.ts';
import { type ErasureDependencies, finishAll } from './finish-erasure.ts';
import { replayInCell } from './replay-in-cell.ts';

/** The cell's side of erasure, for who has no running cell: the command line. */
export interface ErasureInCell {
  /** See `RegionCell.erase`. */
  erase(request: ErasureRequest): Promise<ErasureReceipt>;
  receipt(query: ErasureQuery): Promise<ErasureReceipt>;
  replay(): ReturnType<typeof replayInCell>;
  /** Tells the core now of whatever it was not told of yet. */
  finishAll(): Promise<void>;
}

export function erasureInCell(options: Omit<ErasureDependencies, 'now'>): ErasureInCell {
  const deps = { ...options, now: () => new Date() };
  return {
    erase: (request) => erasePerson(deps, request),
    receipt: (query) => erasureReceipt(deps, query),
    replay: () => replayInCell(deps.tombstones),
    finishAll: () => finishAll(deps),
  };
}
