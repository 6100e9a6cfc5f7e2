import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isObject } from '../../src/encoding/strict-json.ts';
import { UserrefError } from '../../src/errors/userref-error.ts';
import { verifyWebhook } from '../../src/webhooks/verify-webhook.ts';
import { type Io, unixSeconds } from '../console/io.ts';
import { readOptions } from '../console/read-options.ts';
import { readSiteSettings } from '../site/site-settings.ts';
import { UsageError } from '../usage-error.ts';
import { webhookKey } from './local-handler.ts';
import { WEBHOOKS_HELP } from './webhooks-help.ts';

const OPTIONS = {
  headers: { type: 'string' },
  at: { type: 'string' },
  'env-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** @returns the exit code */
export async function verifyRecordedWebhook(args: readonly string[], io: Io): Promise<number> {
  const { values, words } = readOptions(args, { options: OPTIONS, help: WEBHOOKS_HELP, words: 1 });
  if (values.headers === undefined) throw new UsageError('--headers is missing.');
  const now = values.at === undefined ? unixSeconds(io) : Math.floor(Date.parse(values.at) / 1000);
  if (Number.isNaN(now)) throw new UsageError('--at takes a time such as 2026-01-31T12:00:00Z.');
  if (values.headers === '-' && (words[0] ?? '-') === '-') {
    throw new UsageError('The standard input cannot be the headers and the body at once.');
  }
  const headers = readHeaders(read(io, values.headers).toString('utf8'));
  const body = read(io, words[0] ?? '-');
  const keys = [webhookKey(readSiteSettings(io, values['env-file']))];
  try {
    const event = await verifyWebhook(
      { webhookKeys: keys, webhookPublicKeys: [], now: () => now },
      { headers, body: new Uint8Array(body) },
    );
    const text = `Good: ${event.type} ${event.id} of ${event.timestamp}.`;
    io.out(values.json ? JSON.stringify({ ok: true, id: event.id, type: event.type }) : text);
    return 0;
  } catch (error) {
    if (!(error instanceof UserrefError)) throw error;
    const { code, detail, fix } = error;
    io.out(
      values.json ? JSON.stringify({ ok: false, code, detail }) : `Refused: ${code}. ${detail}\nDo:  ${fix}`,
    );
    return 1;
  }
}

function read({ cwd }: Io, path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : resolve(cwd, path));
  } catch {
    throw new UsageError(`${path} cannot be read.`);
  }
}

/** As a log, `curl -v` or a tool for recording has them. */
function readHeaders(text: string): Record<string, string> {
  if (text.trimStart().startsWith('{')) return fromJson(text);
  const lines = text.split(/\r?\n/).map((line) => /^[<>\s]*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(lines.flatMap((match) => (match ? [[match[1]?.toLowerCase(), match[2]]] : [])));
}

function fromJson(text: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (!isObject(parsed)) throw new UsageError('The headers begin like JSON and are none.');
  return Object.fromEntries(
    Object.entries(parsed).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
