import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedCalls } from '../../../src/cell/attributes/shared-calls.ts';

interface Ask {
  readonly group: string;
  readonly value: number;
}

/** Calls that are answered when the test says so: each value, negative. */
function controlled({ maxUnderWay = 2 } = {}) {
  const calls: { asks: readonly Ask[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const shared = new SharedCalls<Ask, number>({
    maxUnderWay,
    groupOf: ({ group }) => group,
    call: (asks) =>
      new Promise((done, fail) => {
        calls.push({ asks, answer: () => done(asks.map(({ value }) => -value)), fail });
      }),
  });
  const ask = (value: number, group = 'a') => shared.ask({ group, value });
  return { calls, ask, valuesOf: (index: number) => calls[index]?.asks.map(({ value }) => value) };
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('callers at the same time', () => {
  it('share a call, and each gets its own answer', async () => {
    const { calls, ask } = controlled({ maxUnderWay: 1 });
    const answers = Promise.all(range(5).map((value) => ask(value)));
    await nextTurn();
    expect(calls).toHaveLength(1);
    calls[0]?.answer();
    expect(await answers).toEqual(range(5).map((value) => -value));
  });

  it('are spread evenly over the calls that may be under way', async () => {
    const { ask, valuesOf } = controlled();
    for (const value of range(10)) void ask(value);
    await nextTurn();
    expect([valuesOf(0), valuesOf(1)]).toEqual([range(5), [5, 6, 7, 8, 9]]);
  });

  it('wait for the next call when no more may be under way, 64 at most in one', async () => {
    const { calls, ask, valuesOf } = controlled({ maxUnderWay: 1 });
    void ask(1_000);
    await nextTurn();
    for (const value of range(70)) void ask(value);
    await nextTurn();
    expect(calls).toHaveLength(1);
    calls[0]?.answer();
    await nextTurn();
    await nextTurn();
    expect(valuesOf(1)).toEqual(range(64));
    calls[1]?.answer();
    await nextTurn();
    await nextTurn();
    expect(valuesOf(2)).toEqual([64, 65, 66, 67, 68, 69]);
  });

  it('share with their own group only', async () => {
    const { calls, ask } = controlled();
    for (const value of range(4)) void ask(value, value % 2 === 0 ? 'even' : 'odd');
    await nextTurn();
    expect(calls.map(({ asks }) => asks.map(({ value }) => value))).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it('all learn that their call failed, and others are not touched', async () => {
    const { calls, ask } = controlled();
    const failed = Promise.allSettled(range(4).map((value) => ask(value, 'a')));
    const well = ask(7, 'b');
    await nextTurn();
    calls[0]?.fail(new Error('away'));
    calls[1]?.answer();
    for (const one of await failed) expect(one).toMatchObject({ reason: { message: 'away' } });
    expect(await well).toBe(-7);
  });

  it('are turned away when thousands wait', async () => {
    const { ask } = controlled();
    for (const value of range(4_096)) void ask(value);
    await expect(ask(1)).rejects.toMatchObject({ code: 'service_unavailable', retryable: true });
  });
});
