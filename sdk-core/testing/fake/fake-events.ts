import { type TestEvent, testEventId } from '../test-webhook.ts';
import { json, problem } from './json-response.ts';

const PAGE = 100;

/** Events for a site that asks for them, in the order in which they happened. */
export class FakeEvents {
  readonly #events: { id: string; type: string; timestamp: string; data: object }[] = [];
  /** Ids that the site has acknowledged. */
  readonly acknowledged: string[] = [];

  add({ type, data = {}, id = testEventId(), at = new Date() }: TestEvent): string {
    this.#events.push({ id, type, timestamp: at.toISOString(), data });
    return id;
  }

  /** What follows `after`, or begins with the first event of `since` or later; `null` is left out. */
  page({ after, since }: { after: string | null; since: string | null }): Response {
    const from = after === null && since !== null ? this.#placeOf(new Date(since)) : Number(after ?? 0);
    const events = this.#events.slice(from, from + PAGE);
    const next = from + events.length;
    return json({ events, next: String(next), more: next < this.#events.length });
  }

  #placeOf(since: Date): number {
    const place = this.#events.findIndex(({ timestamp }) => Date.parse(timestamp) >= since.getTime());
    return place < 0 ? this.#events.length : place;
  }

  acknowledge(id: string): Response {
    if (!this.#events.some((event) => event.id === id)) return problem('not_found', 404);
    this.acknowledged.push(id);
    return new Response(null, { status: 204 });
  }
}
