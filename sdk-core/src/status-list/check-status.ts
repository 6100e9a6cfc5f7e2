import type { KeySource } from '../passport/key-set.ts';
import type { PassportStatus } from '../passport/passport.ts';
import { refusePassport } from '../passport/refusal.ts';
import { readStatusList, type StatusList, subjectOfList } from './status-list.ts';

/** Status lists at hand, to see revocations without asking anybody. */
export interface OfflineStatus {
  /**
   * Lists as `GET {core}/status/{list}` gave them; one of them must be the one that the passport names. Of several with
   * one address the newest counts.
   */
  readonly lists: string | readonly string[];
  /** Oldest list to accept, in seconds since it was signed. Default: the `ttl` of the list, else 300. */
  readonly maxAgeSeconds?: number | undefined;
  /** Accept an older list all the same, though never one past its `exp`. A later revocation goes unseen. */
  readonly allowStale?: boolean | undefined;
}

export interface StatusContext {
  readonly issuer: string;
  readonly keys: KeySource;
  /** Unix seconds. */
  readonly now: number;
  readonly toleranceSeconds: number;
}

const DEFAULT_MAX_AGE_SECONDS = 300;

/**
 * Refuses a passport that a list marks as revoked or suspended, and one whose status cannot be known.
 * @throws UserrefError `passport_status_…`, `passport_revoked`, `passport_suspended`
 */
export async function checkStatus(
  status: PassportStatus | null,
  offline: OfflineStatus,
  context: StatusContext,
): Promise<void> {
  if (status === null) throw refusePassport('passport_status_missing', 'The passport names no status list.');
  const lists = typeof offline.lists === 'string' ? [offline.lists] : offline.lists;
  const list = await newestOf(
    lists.filter((one) => subjectOfList(one) === status.uri),
    context,
  );
  if (list === null) {
    if (lists.length === 1 && subjectOfList(lists[0] as string) === null) {
      throw refusePassport('passport_status_invalid', 'It is no signed status list.');
    }
    throw refusePassport('passport_status_missing');
  }
  checkFreshness(list, offline, context);
  const value = list.at(status.index);
  if (value === null) throw refusePassport('passport_status_index_invalid');
  if (value === 1) throw refusePassport('passport_revoked');
  if (value === 2) throw refusePassport('passport_suspended');
  if (value !== 0)
    throw refusePassport('passport_status_invalid', 'The list gives a status that is unknown.');
}

/** Whoever keeps every list that they were given must not be told what an older one says. */
async function newestOf(tokens: readonly string[], context: StatusContext): Promise<StatusList | null> {
  let newest: StatusList | null = null;
  for (const token of tokens) {
    const list = await readStatusList(token, context);
    if (newest === null || list.issuedAt > newest.issuedAt) newest = list;
  }
  return newest;
}

function checkFreshness(list: StatusList, offline: OfflineStatus, context: StatusContext): void {
  const { now, toleranceSeconds: tolerance } = context;
  if (list.issuedAt > now + tolerance) {
    throw refusePassport('passport_status_invalid', 'The list was signed in the future.');
  }
  if (list.expiresAt !== null && list.expiresAt <= now - tolerance) {
    throw refusePassport('passport_status_stale', 'The list is past its exp.');
  }
  const maxAge = offline.maxAgeSeconds ?? list.ttl ?? DEFAULT_MAX_AGE_SECONDS;
  // Written so that what is no number is never fresh.
  const isFresh = now - list.issuedAt <= Number(maxAge) + tolerance;
  if (offline.allowStale !== true && !isFresh) {
    throw refusePassport('passport_status_stale');
  }
}
