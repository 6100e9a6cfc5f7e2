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

  page(after: string): Response {
    const from = Number(after);
    const events = this.#events.slice(from, from + PAGE);
    const next = from + events.length;
    return json({ events, next: String(next), more: next < this.#events.length });
  }

  acknowledge(id: string): Response {
    if (!this.#events.some((event) => event.id === id)) return problem('not_found', 404);
    this.acknowledged.push(id);
    return new Response(null, { status: 204 });
  }
}
