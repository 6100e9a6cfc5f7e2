import { setTimeout as sleep } from 'node:timers/promises';
import { signMessage } from '../../src/webhooks/webhook-signature.ts';
import { type Io, unixSeconds } from '../console/io.ts';
import { Problem } from '../console/problem.ts';
import { readOptions, wholeNumber } from '../console/read-options.ts';
import { askCore } from '../site/ask-core.ts';
import { readSiteSettings, type SiteSettings } from '../site/site-settings.ts';
import { UsageError } from '../usage-error.ts';
import { deliver, handlerUrl, meaningOf, webhookKey } from './local-handler.ts';
import { WEBHOOKS_HELP } from './webhooks-help.ts';

const OPTIONS = {
  to: { type: 'string' },
  after: { type: 'string' },
  every: { type: 'string', default: '1' },
  'env-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

const CURSOR = /^\d{1,18}$/;
/** A handler that fails is asked again after so many pauses at most. */
const MOST_PAUSES = 30;

interface FeedEvent {
  readonly id: string;
  readonly cursor: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: unknown;
}

interface Listening {
  readonly settings: SiteSettings;
  readonly url: URL;
  readonly key: Uint8Array<ArrayBuffer>;
  readonly pauseMs: number;
  readonly json: boolean;
}

/** Runs until {@link Io.signal}. @returns the exit code */
export async function listenToWebhooks(args: readonly string[], io: Io): Promise<number> {
  const { values } = readOptions(args, { options: OPTIONS, help: WEBHOOKS_HELP });
  if (values.after !== undefined && !CURSOR.test(values.after))
    throw new UsageError('--after takes a cursor.');
  const settings = readSiteSettings(io, values['env-file']);
  const listening = {
    settings,
    url: handlerUrl(values.to, settings),
    key: webhookKey(settings),
    pauseMs: 1000 * wholeNumber(values.every, { name: 'every', from: 1, to: 3600 }),
    json: values.json === true,
  };
  const after = values.after ?? (await lastCursor(settings, io));
  io.note(`Forwarding events to ${listening.url.origin}${listening.url.pathname}. Ctrl-C stops.`);
  await forwardAll(listening, after, io);
  return 0;
}

/** Events in their order: the next one goes out when the handler has taken the one before it. */
async function forwardAll(listening: Listening, after: string, io: Io): Promise<void> {
  let cursor = after;
  let failures = 0;
  let said = '';
  while (!io.signal.aborted) {
    const { events, more, problem } = await page(listening.settings, cursor, io);
    // Once, however long it lasts.
    if (problem !== said && problem !== '' && !io.signal.aborted) io.note(problem);
    said = problem;
    let isTaken = true;
    for (const event of events) {
      isTaken = await forward(event, listening, io);
      if (!isTaken) break;
      cursor = event.cursor;
    }
    failures = isTaken ? 0 : failures + 1;
    if (isTaken && more) continue;
    const pauses = Math.min(MOST_PAUSES, 2 ** Math.min(failures, 10));
    await sleep(listening.pauseMs * (isTaken ? 1 : pauses), undefined, { signal: io.signal }).catch(() => {});
  }
}

async function forward(event: FeedEvent, { url, key, json }: Listening, io: Io): Promise<boolean> {
  const { id, type, timestamp, data, cursor } = event;
  const body = JSON.stringify({ type, timestamp, data });
  const seconds = unixSeconds(io);
  const signature = await signMessage({ id, timestamp: seconds, body: new TextEncoder().encode(body) }, key);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signature,
  };
  try {
    const answer = await deliver(url, { headers, body });
    const meaning = meaningOf(answer);
    const line = { id, type, cursor, status: answer.status, latency_ms: answer.latencyMs };
    const text = `${type} ${id}: ${answer.status} in ${answer.latencyMs} ms`;
    io.out(
      json ? JSON.stringify(line) : meaning === '' ? text : `${text}; ${meaning}. It will be sent again.`,
    );
    return meaning === '';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    io.note(error.message);
    return false;
  }
}

/** `problem` says why there are no events; empty when all is well. */
async function page(settings: SiteSettings, after: string, { signal }: Pick<Io, 'signal'>) {
  try {
    const body = await askCore(settings, `/v1/events?after=${after}`, { signal });
    const events = Array.isArray(body.events) ? (body.events as FeedEvent[]) : [];
    return { events, more: body.more === true, problem: '' };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { events: [], more: false, problem: error.message };
  }
}

/** Where the feed ends now. */
async function lastCursor(settings: SiteSettings, io: Io): Promise<string> {
  const now = new Date(unixSeconds(io) * 1000).toISOString();
  const { next } = await askCore(settings, `/v1/events?since=${now}`, { signal: io.signal });
  return CURSOR.test(String(next)) ? String(next) : '0';
}
