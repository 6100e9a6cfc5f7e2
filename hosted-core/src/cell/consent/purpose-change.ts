import type { PurposeText } from '../../wall/region-cell.ts';
import { localText } from './purpose-text.ts';
import type { StoredPurpose } from './receipts-repository.ts';
import { type DiffPart, wordDiff } from './word-diff.ts';

/** One part of a purpose that is not what it was. */
export interface PurposeChange {
  readonly part: 'title' | 'description' | 'recipients' | 'duration';
  readonly diff: readonly DiffPart[];
}

/** What changed between the wording that somebody agreed to and the one of today, in the language of the page. */
export function purposeChanges(
  before: StoredPurpose,
  now: PurposeText,
  context: { locale: string; days: (count: number) => string },
): PurposeChange[] {
  const [old, fresh] = [localText(before.texts, context.locale), localText(now.texts, context.locale)];
  const [oldDays, freshDays] = [before.maxDurationDays, now.maxDurationDays];
  const pairs = [
    ['title', old.title, fresh.title],
    ['description', old.description, fresh.description],
    ['recipients', old.recipients ?? '', fresh.recipients ?? ''],
    [
      'duration',
      oldDays === null ? '' : context.days(oldDays),
      oldDays === null ? '' : context.days(freshDays),
    ],
  ] as const;
  return pairs
    .filter(([, left, right]) => left !== right)
    .map(([name, left, right]) => ({ part: name, diff: wordDiff(left, right) }));
}
