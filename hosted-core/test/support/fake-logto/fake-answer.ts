import type { IncomingMessage, ServerResponse } from 'node:http';
import { recordedResponse } from './recordings.ts';

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

/** An answer as it was recorded, with the body or headers of this moment in place of the recorded ones. */
export function asRecorded(
  file: string,
  name: string,
  now: { body?: unknown; headers?: Record<string, string | string[]> } = {},
): FakeAnswer {
  const { status, headers, body } = recordedResponse(file, name);
  const shown = now.body === undefined ? body : now.body;
  return {
    status,
    headers: {
      'content-type': 'text/plain',
      ...only(headers, ['content-type', 'www-authenticate']),
      ...now.headers,
    },
    body: typeof shown === 'string' ? shown : JSON.stringify(shown),
  };
}

/** A redirect with the recorded status. */
export function redirect(location: string, setCookie: string[] = [], status = 303): FakeAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', location, 'set-cookie': setCookie },
    body: `Redirecting to ${location}.`,
  };
}

export async function readRequest(message: IncomingMessage, origin: string): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    method: message.method ?? 'GET',
    url: new URL(message.url ?? '/', origin),
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export function send(response: ServerResponse, answer: FakeAnswer): void {
  response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
}

export function cookieOf(request: FakeRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split('; ');
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function only(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}
