import { isObject, parseStrictObject } from '../encoding/strict-json.ts';
import { UserrefError } from '../errors/userref-error.ts';
import {
  type WebhookEvent as ContractEvent,
  EVENT_MEMBERS,
  EVENT_TYPES,
  type EventType,
} from '../generated/contract.ts';
import { USER_REF } from '../passport/passport.ts';

/** An event of a type that this version does not know. Answer 2xx and do nothing. */
export interface UnknownWebhookEvent {
  readonly type: 'unknown';
  readonly originalType: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A verified event. `type` tells which `data` it has; `id` stays the same when it is delivered again. */
export type WebhookEvent = (ContractEvent | UnknownWebhookEvent) & { readonly id: string };

const TYPE = /^[a-z]+(?:[._][a-z]+){0,5}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/** The event in a body whose signature fits. @throws UserrefError `webhook_body_invalid` */
export function readEvent(id: string, body: Uint8Array): WebhookEvent {
  const parsed = parseStrictObject(body);
  if (parsed.result !== 'object') throw invalid('it is no JSON object.');
  const { type, timestamp, data } = parsed.value;
  if (typeof type !== 'string' || !TYPE.test(type)) throw invalid('type is malformed.');
  const dated =
    typeof timestamp === 'string' && TIMESTAMP.test(timestamp) && !Number.isNaN(Date.parse(timestamp));
  if (!dated) throw invalid('timestamp is not RFC 3339 in UTC.');
  if (!isObject(data)) throw invalid('data is no object.');
  const known = EVENT_TYPES.find((candidate) => candidate === type);
  if (known === undefined) return { id, type: 'unknown', originalType: type, timestamp, data };
  for (const member of EVENT_MEMBERS[known]) {
    if (!isMember(member, data[member])) throw invalid(`data.${member} is missing or malformed.`);
  }
  return { id, type: known, timestamp, data } as WebhookEvent & { type: EventType };
}

function isMember(name: string, value: unknown): boolean {
  if (name === 'user_ref') return typeof value === 'string' && USER_REF.test(value);
  if (name === 'attributes') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === 'string' && value.length > 0 && value.length <= 128;
}

function invalid(why: string): UserrefError {
  return new UserrefError('webhook_body_invalid', { detail: `The signed body is not an event: ${why}` });
}
