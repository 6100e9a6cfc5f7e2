import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createVisitorStore, LOADING } from '../../src/browser/visitor-store.ts';

const user = { userRef: 'ppid_abcdefghijklmnopqrstuvwx23', consents: [], assuranceLevel: 'low', authTime: 1 };
let answer: () => Promise<Response> | Response;
const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });

beforeEach(() => {
  answer = () => Response.json({ user });
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => answer()),
  );
});
afterEach(() => vi.unstubAllGlobals());

describe('what a page knows of its visitor', () => {
  it('is asked for once, however many components want to know', async () => {
    const store = createVisitorStore('/userref/session');
    expect(store.get()).toBe(LOADING);
    const told = vi.fn();
    const stops = [store.subscribe(told), store.subscribe(() => {})];
    await expect.poll(store.get).toEqual({ status: 'signed-in', user });
    expect(told).toHaveBeenCalledTimes(1);
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      '/userref/session',
      expect.objectContaining({ cache: 'no-store' }),
    );
    for (const stop of stops) stop();
    page.dispatchEvent(new Event('pageshow'));
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('is asked again when the page comes to the front, and the end is told', async () => {
    const store = createVisitorStore('/userref/session');
    store.onEnd = vi.fn();
    const stop = store.subscribe(() => {});
    await expect.poll(() => store.get().status).toBe('signed-in');
    answer = () => Response.json({ user: null });
    page.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => store.get().status).toBe('signed-out');
    expect(store.onEnd).toHaveBeenCalledTimes(1);
    stop();
  });

  it('of another person has replaced is an end too: what the page shows is of the first', async () => {
    const store = createVisitorStore('/userref/session');
    store.onEnd = vi.fn();
    await store.refresh();
    const other = { ...user, userRef: 'ppid_zyxwvutsrqponmlkjihgfedc23' };
    answer = () => Response.json({ user: other });
    await store.refresh();
    expect(store.get()).toEqual({ status: 'signed-in', user: other });
    expect(store.onEnd).toHaveBeenCalledTimes(1);
    answer = () => Response.json({ user: { ...other, consents: ['contact:email'] } });
    await store.refresh();
    expect(store.onEnd).toHaveBeenCalledTimes(1);
  });

  it('stays as it was while the site does not answer', async () => {
    const store = createVisitorStore('/userref/session');
    store.onEnd = vi.fn();
    answer = () => Promise.reject(new TypeError('offline'));
    await store.refresh();
    expect(store.get()).toEqual({ status: 'unavailable', user: null });
    answer = () => Response.json({ user });
    await store.refresh();
    answer = () => new Response('', { status: 503 });
    await store.refresh();
    expect([store.get().status, vi.mocked(store.onEnd).mock.calls.length]).toEqual(['signed-in', 0]);
  });
});
