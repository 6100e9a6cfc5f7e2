import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SCHEDULE,
  nextAttemptInMs,
  parseRetryAfterMs,
} from '../../../src/core/webhooks/retry-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const middle = () => 0.5;

/** All gaps of a delivery that never succeeds. */
function wholeLife(random: () => number): number[] {
  const gaps: number[] = [];
  let elapsedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const gap = nextAttemptInMs({ attempt, elapsedMs }, DEFAULT_SCHEDULE, random);
    if (gap === null) return gaps;
    gaps.push(gap);
    elapsedMs += gap;
  }
}

describe('the retry schedule', () => {
  it('is the published one, with the last attempt at the end of 72 hours', () => {
    const published = [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR];
    const gaps = wholeLife(middle);
    expect(gaps.slice(0, -1)).toEqual(published);
    expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(72 * HOUR);
  });

  it('makes ten attempts whatever the dice say, none later than 72 hours', () => {
    for (const random of [() => 0, () => 0.999999, Math.random]) {
      const gaps = wholeLife(random);
      expect(gaps).toHaveLength(9);
      expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeLessThanOrEqual(72 * HOUR);
    }
  });

  it('shifts each gap by up to a tenth', () => {
    expect(nextAttemptInMs({ attempt: 2, elapsedMs: 0 }, DEFAULT_SCHEDULE, () => 0)).toBe(4.5 * MINUTE);
    expect(nextAttemptInMs({ attempt: 2, elapsedMs: 0 }, DEFAULT_SCHEDULE, () => 1)).toBe(5.5 * MINUTE);
  });

  it('honours a longer Retry-After, never a shorter one, never beyond 72 hours', () => {
    const after = (retryAfterMs: number) =>
      nextAttemptInMs({ attempt: 1, elapsedMs: HOUR, retryAfterMs }, DEFAULT_SCHEDULE, middle);
    expect(after(HOUR)).toBe(HOUR);
    expect(after(1)).toBe(5_000);
    expect(after(1_000 * HOUR)).toBe(71 * HOUR);
  });

  it('ends at 72 hours even when attempts are left', () => {
    expect(nextAttemptInMs({ attempt: 3, elapsedMs: 72 * HOUR }, DEFAULT_SCHEDULE, middle)).toBeNull();
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-22T09:00:00Z');

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 22 Nov 2026 09:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 08:59:00 GMT', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1e9', undefined],
    ['soon', undefined],
    ['2026-11-22T09:01:00Z', undefined],
    ['9999999999', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j means %j ms', (header, expected) => {
    expect(parseRetryAfterMs(header, now)).toBe(expected);
  });
});
