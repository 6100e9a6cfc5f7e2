import { isObject } from '../../src/encoding/strict-json.ts';
import {
  EVENT_MEMBERS,
  EVENT_TYPES,
  type EventType,
  REVOCATION_REASONS,
} from '../../src/generated/contract.ts';
import { testEventId, testWebhook } from '../../testing/test-webhook.ts';
import type { Io } from '../console/io.ts';
import { nearest } from '../console/nearest.ts';
import { readOptions } from '../console/read-options.ts';
import { readSiteSettings } from '../site/site-settings.ts';
import { VARIABLES } from '../site/variables.ts';
import { UsageError } from '../usage-error.ts';
import { deliver, handlerUrl, meaningOf, webhookKey } from './local-handler.ts';
import { WEBHOOKS_HELP } from './webhooks-help.ts';

const OPTIONS = {
  to: { type: 'string' },
  data: { type: 'string' },
  'user-ref': { type: 'string' },
  'env-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** A person that nobody is. */
const NOBODY = `ppid_${'testperson'.padEnd(26, '2')}`;
const SAMPLE: Readonly<Record<string, unknown>> = {
  sid: 'test-session',
  reason: REVOCATION_REASONS[0],
  attributes: ['contact:email'],
  purpose: 'order_delivery',
  consent_id: `con_${'a'.repeat(26)}`,
  request_id: 'test-request',
  endpoint_id: '00000000-0000-4000-8000-000000000000',
};

/** @returns the exit code */
export async function triggerWebhook(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: WEBHOOKS_HELP, words: 1 });
  const type = eventType(words[0] ?? 'endpoint.test');
  const settings = readSiteSettings(io, values['env-file']);
  const url = handlerUrl(values.to, settings);
  webhookKey(settings);
  const data = { ...sampleData(type, values['user-ref']), ...extraData(values.data) };
  const id = testEventId();
  const event = await testWebhook({ type, data, id }, settings.need(VARIABLES.webhookSecret));
  const answer = await deliver(url, event);
  const isGood = meaningOf(answer) === '';
  const text = `${type} ${id}: ${answer.status} in ${answer.latencyMs} ms${isGood ? '' : `; ${meaningOf(answer)}`}`;
  io.out(
    values.json ? JSON.stringify({ id, type, status: answer.status, latency_ms: answer.latencyMs }) : text,
  );
  return isGood ? 0 : 1;
}

function eventType(text: string): EventType {
  const known = EVENT_TYPES.find((type) => type === text);
  if (known !== undefined) return known;
  const [similar] = nearest(text, EVENT_TYPES);
  const hint = similar ? `Did you mean ${similar}?` : `There are: ${EVENT_TYPES.join(', ')}.`;
  throw new UsageError(`There is no event «${text}». ${hint}`);
}

function sampleData(type: EventType, userRef = NOBODY): Record<string, unknown> {
  return Object.fromEntries(
    EVENT_MEMBERS[type].map((member) => [
      member,
      member === 'user_ref' ? userRef : (SAMPLE[member] ?? 'test'),
    ]),
  );
}

function extraData(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const data: unknown = JSON.parse(text);
    if (isObject(data)) return data;
  } catch {
    // Told below.
  }
  throw new UsageError('--data takes a JSON object.');
}
