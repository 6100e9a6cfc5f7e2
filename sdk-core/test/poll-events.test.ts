import { describe, expect, it } from 'vitest';
import {
  createUserref,
  type EventCursor,
  type PollEventsRequest,
  type UserrefOptions,
} from '../src/index.ts';
import { FakeCore } from '../testing/index.ts';
import { SESSION_SECRET, signedIn } from './support/site.ts';

/** A cursor that outlives pollers. */
class Kept implements EventCursor {
  saved: string | null = null;
  async load() {
    return this.saved;
  }
  async save(next: string) {
    this.saved = next;
  }
}

function siteOf(core: FakeCore, more: Partial<UserrefOptions> = {}) {
  const options = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
  return createUserref({ ...options, fetch: core.fetch, ...more });
}

/** Polls until `count` events were handled or `failures` happened. */
async function poll(
  core: FakeCore,
  given: Partial<PollEventsRequest> & { cursor: EventCursor; until: number },
) {
  const stop = new AbortController();
  const seen: string[] = [];
  const errors: unknown[] = [];
  const { until, ...more } = given;
  await siteOf(core).pollEvents({
    everySeconds: 0.001,
    ...more,
    signal: stop.signal,
    ...{
      async onEvent(event) {
        await more.onEvent?.(event);
        seen.push(event.id);
        if (seen.length >= until) stop.abort();
      },
      onError(error) {
        errors.push(error);
        if (errors.length >= 5) stop.abort();
      },
    },
  });
  return { seen, errors };
}

async function publish(core: FakeCore, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await core.webhook({ type: 'endpoint.test' })).headers['webhook-id'] ?? '');
  }
  return ids;
}

describe('a site that asks for events', () => {
  it('gets each once and in order, over several pages', async () => {
    const core = new FakeCore();
    const ids = await publish(core, 250);
    const cursor = new Kept();
    expect((await poll(core, { cursor, until: 250 })).seen).toEqual(ids);
    expect(cursor.saved).toBe('250');
  });

  it('goes on after a restart where it had got to', async () => {
    const core = new FakeCore();
    const cursor = new Kept();
    await publish(core, 3);
    await poll(core, { cursor, until: 3 });
    const later = await publish(core, 2);
    expect((await poll(core, { cursor, until: 2 })).seen).toEqual(later);
  });

  it('gets a page again when it failed in the middle, and loses nothing', async () => {
    const core = new FakeCore();
    const cursor = new Kept();
    const [first, second, third] = await publish(core, 3);
    let isBroken = true;
    const onEvent = (event: { id: string }) => {
      if (event.id !== second || !isBroken) return;
      isBroken = false;
      throw new Error('a database that was away');
    };
    const { seen, errors } = await poll(core, { cursor, until: 4, onEvent });
    expect(seen).toEqual([first, first, second, third]);
    expect(errors).toHaveLength(1);
  });

  it('passes over nothing at a core that was restored from a backup, and goes on from there', async () => {
    const core = new FakeCore();
    const cursor = new Kept();
    cursor.saved = '40';
    const known = await publish(core, 2);
    expect((await poll(core, { cursor, until: 2 })).seen).toEqual(known);
    expect(Number(cursor.saved)).toBeGreaterThan(40);
    const [fresh] = await publish(core, 1);
    expect((await poll(core, { cursor, until: 1 })).seen).toEqual([fresh]);
  });

  it('ends sessions before the event is handed on', async () => {
    const core = new FakeCore();
    const userref = siteOf(core);
    const { header } = await signedIn(userref, core);
    await core.webhook({ type: 'access.revoked', data: { user_ref: core.person.userRef, reason: 'user' } });
    const stop = new AbortController();
    const known: unknown[] = [];
    await userref.pollEvents({
      cursor: new Kept(),
      signal: stop.signal,
      onError: (error) => known.push(error),
      async onEvent() {
        known.push(await userref.readSession(header));
        stop.abort();
      },
    });
    expect(known).toEqual([null]);
  });

  it('ends all sessions that a page names, though the site fails at its first event again and again', async () => {
    const core = new FakeCore();
    const userref = siteOf(core);
    const { header } = await signedIn(userref, core);
    await publish(core, 1);
    await core.webhook({ type: 'access.revoked', data: { user_ref: core.person.userRef, reason: 'user' } });
    const stop = new AbortController();
    await userref.pollEvents({
      cursor: new Kept(),
      signal: stop.signal,
      onEvent: () => Promise.reject(new Error('a defect of the site')),
      onError: () => stop.abort(),
    });
    expect((await userref.checkSession(header)).refusal).toBe('session_revoked');
  });

  it('waits when the core says that there is more and gives nothing', async () => {
    const core = new FakeCore();
    const cursor = new Kept();
    cursor.saved = '5';
    const stop = new AbortController();
    core.bends.replies.events = () => {
      // Ends a poller that never waits, too.
      if (core.callsTo('events').length > 3) stop.abort();
      return Response.json({ events: [], next: '5', more: true });
    };
    const asked: number[] = [];
    await siteOf(core).pollEvents({
      cursor,
      signal: stop.signal,
      onEvent: () => undefined,
      onError: () => undefined,
      onCaughtUp() {
        asked.push(core.callsTo('events').length);
        stop.abort();
      },
    });
    expect(asked).toEqual([1]);
  });

  it('says what went wrong, waits longer each time, and does not move', async () => {
    const core = new FakeCore();
    core.bends.replies.events = () => new Response(null, { status: 503 });
    const cursor = new Kept();
    const startedAt = performance.now();
    const { errors } = await poll(core, { cursor, until: 1, everySeconds: 0.01 });
    expect(performance.now() - startedAt).toBeGreaterThan(20 + 40 + 80 + 160 - 50);
    expect(errors[0]).toMatchObject({ code: 'network_failed', isTransient: true });
    expect([errors.length, cursor.saved]).toEqual([5, null]);
  });

  it('says each time that it has caught up, and not before', async () => {
    const core = new FakeCore();
    await publish(core, 150);
    const stop = new AbortController();
    const steps: string[] = [];
    const cursor = new Kept();
    const onCaughtUp = () => {
      steps.push(`caught up at ${cursor.saved}`);
      if (steps.length === 152) stop.abort();
    };
    await siteOf(core).pollEvents({
      ...{ cursor, onCaughtUp, signal: stop.signal, everySeconds: 0.001 },
      onEvent: () => void steps.push('event'),
      onError: (error) => void steps.push(String(error)),
    });
    expect(steps.slice(0, 150).every((step) => step === 'event')).toBe(true);
    expect(steps.slice(150)).toEqual(['caught up at 150', 'caught up at 150']);
  });

  it('never says so while the core does not answer', async () => {
    const core = new FakeCore();
    core.bends.replies.events = () => new Response(null, { status: 503 });
    let isCaughtUp = false;
    const onCaughtUp = () => {
      isCaughtUp = true;
    };
    await poll(core, { cursor: new Kept(), until: 1, onCaughtUp });
    expect(isCaughtUp).toBe(false);
  });

  it('may begin at a time while the cursor holds nothing, and by the cursor afterwards', async () => {
    const core = new FakeCore();
    for (const hours of [30, 20, 10]) {
      await core.webhook({ type: 'endpoint.test', at: new Date(Date.now() - hours * 3_600_000) });
    }
    const since = new Date(Date.now() - 24 * 3_600_000);
    const cursor = new Kept();
    expect((await poll(core, { cursor, since, until: 2 })).seen).toHaveLength(2);
    expect(cursor.saved).toBe('3');
    const searches = () => core.callsTo('events').map(({ request }) => new URL(request.url).search);
    expect(searches()[0]).toBe(`?since=${since.toISOString()}`);
    await publish(core, 1);
    await poll(core, { cursor, since, until: 1 });
    expect(searches().at(-1)).toMatch(/^\?after=\d$/);
  });

  it('stops at once when it is told to while it waits', async () => {
    const stop = new AbortController();
    const polling = siteOf(new FakeCore()).pollEvents({
      cursor: new Kept(),
      signal: stop.signal,
      everySeconds: 3600,
      onEvent: () => undefined,
      onError: () => undefined,
    });
    setTimeout(() => stop.abort(), 20);
    await polling;
  });
});
