import { decodeBase64 } from '../src/encoding/base64.ts';
import type { EventType } from '../src/generated/contract.ts';
import { signMessage } from '../src/webhooks/webhook-signature.ts';

/** An event to make; its members beyond `type` have defaults. */
export interface TestEvent {
  readonly type: EventType;
  /** The members of the event besides `type` and `timestamp`, such as `{ user_ref }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Default: a new one. The same id again is a repeated delivery. */
  readonly id?: string;
  /** Default: now. */
  readonly at?: Date;
}

/** A delivery, ready to be posted. */
export interface TestWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An event as the core posts it (Standard Webhooks, `v1`). `secret` is a `whsec_…`. */
export async function testWebhook(event: TestEvent, secret: string): Promise<TestWebhook> {
  const { type, data = {}, id = testEventId(), at = new Date() } = event;
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  const timestamp = Math.floor(at.getTime() / 1000);
  const signature = await testSignature({ id, timestamp, body }, secret);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return { headers, body };
}

/** `v1,…` over a message, by a `whsec_…`. */
export function testSignature(
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
  secret: string,
): Promise<string> {
  const key = decodeBase64(secret.slice('whsec_'.length));
  if (key === null) throw new TypeError('secret must be whsec_ and base64');
  return signMessage({ id, timestamp, body: new TextEncoder().encode(body) }, key);
}

/** An event id of the core's form. */
export function testEventId(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => (byte % 32).toString(32));
  return `evt_${letters.join('').replace(/[0189]/g, (digit) => 'wxyz'['0189'.indexOf(digit)] ?? 'w')}`;
}
