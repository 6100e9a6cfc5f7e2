import { type TestEvent, testEventId, testSignature } from '../test-webhook.ts';
import { json, problem } from './json-response.ts';

const PAGE = 100;
const CURSOR = /^\d{1,18}$/;
const PURGED = '{"status":"purged"}';
const TOLERANCE_SECONDS = 300;

interface KeptEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: object;
}

/** Events for a site that asks for them, in the order in which they happened. */
export class FakeEvents {
  readonly #events: KeptEvent[] = [];
  /** Ids that the site has acknowledged. */
  readonly acknowledged: string[] = [];
  /** Places in front of the first event. */
  #before = 0;

  add({ type, data = {}, id = testEventId(), at = new Date() }: TestEvent): string {
    this.#events.push({ id, type, timestamp: at.toISOString(), data });
    return id;
  }

  /** `GET /v1/events`: what follows `after`, or begins with the first event of `since` or later. */
  page(query: URLSearchParams): Response {
    const from = this.#startOf(query);
    if (from === null) return problem('invalid_request', 400);
    this.#moveBehind(from);
    const start = Math.max(0, from - this.#before);
    const events = this.#events.slice(start, start + PAGE).map((event, index) => ({
      ...event,
      cursor: String(this.#before + start + index + 1),
      confirmed: this.acknowledged.includes(event.id),
    }));
    return json({
      events,
      next: events.at(-1)?.cursor ?? String(from),
      more: start + events.length < this.#events.length,
    });
  }

  /** Who asks from beyond the end knows a feed that is gone, as after a backup was restored; all is told again. */
  #moveBehind(after: number): void {
    const last = this.#before + this.#events.length;
    if (after > last && after - last <= 1e12) this.#before += after;
  }

  #startOf(query: URLSearchParams): number | null {
    const { after, since, ...others } = Object.fromEntries(query);
    if (Object.keys(others).length > 0 || (after !== undefined && since !== undefined)) return null;
    if (since === undefined) return CURSOR.test(after ?? '0') ? Number(after ?? 0) : null;
    const time = Date.parse(since);
    if (Number.isNaN(time)) return null;
    const place = this.#events.findIndex(({ timestamp }) => Date.parse(timestamp) >= time);
    return this.#before + (place < 0 ? this.#events.length : place);
  }

  /** `POST /v1/events/{id}/ack`: signed as an event is, by the webhook secret. */
  async acknowledge(
    id: string,
    request: Request,
    { secret, now }: { secret: string; now: number },
  ): Promise<Response> {
    const body = await request.clone().text();
    const timestamp = Number(request.headers.get('webhook-timestamp'));
    const signature = await testSignature({ id, timestamp, body }, secret);
    const isFresh = Math.abs(now - timestamp) <= TOLERANCE_SECONDS;
    if (!isFresh || request.headers.get('webhook-signature') !== signature) {
      return problem('acknowledgement_invalid', 401);
    }
    if (body !== PURGED) return problem('invalid_request', 400);
    if (!this.#events.some((event) => event.id === id)) return problem('not_found', 404);
    this.acknowledged.push(id);
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  }
}
