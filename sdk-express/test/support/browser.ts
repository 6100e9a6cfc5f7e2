import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import type { CookieJar } from '../../../sdk-core/test/support/cookie-jar.ts';

export interface Visit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Iterable<string>;
  readonly jar?: CookieJar;
}

/** Headers of a page load. */
const PAGE_LOAD = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate' };

/**
 * One request like a browser's that follows nothing. Not `fetch`, which sets `Sec-Fetch-Mode` itself.
 * Headers start as those of a page load.
 */
export async function load(
  url: string,
  { method = 'GET', headers, body, jar }: Visit = {},
): Promise<Response> {
  const cookie = jar?.header ? { cookie: jar.header } : {};
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { method, headers: { ...PAGE_LOAD, ...cookie, ...headers } }, resolve);
    sent.on('error', reject);
    if (typeof body === 'string' || body === undefined) sent.end(body);
    else Readable.from(body).pipe(sent);
  });
  const pairs = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const text = chunks.length === 0 ? null : Buffer.concat(chunks).toString();
  const response = new Response(text, { status: answer.statusCode ?? 0, headers: pairs });
  jar?.store(response.headers.getSetCookie());
  return response;
}
