import type { ErrorPage } from './http/error-page.ts';

/** A whole HTTP answer, for the adapter to send as it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One `Set-Cookie` header each. */
  readonly setCookies: readonly string[];
  /** `null` for no body. */
  readonly body: string | null;
  /** What `body` says where it is a page about an error, for a site that shows its own. */
  readonly page?: ErrorPage;
}

/** They fit the SDK's own page and no other. */
const OF_OWN_PAGE = ['Content-Type', 'Content-Security-Policy'];

/** The headers of an answer whose page the site shows itself. */
export function headersOfSitePage({ headers }: Answer): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_OWN_PAGE.includes(name)));
}

/** The answer with further cookies, those of earlier steps first. */
export function withCookies(answer: Answer, setCookies: readonly string[]): Answer {
  return { ...answer, setCookies: [...setCookies, ...answer.setCookies] };
}

/** 303: the browser goes on with GET. Nothing of the way there is kept or passed on. */
export function redirectTo(location: string, setCookies: readonly string[] = []): Answer {
  const headers = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', Location: location };
  return { status: 303, headers, setCookies, body: null };
}

export function jsonAnswer(value: unknown, setCookies: readonly string[] = []): Answer {
  const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'application/json; charset=utf-8' };
  return { status: 200, headers, setCookies, body: JSON.stringify(value) };
}

export function emptyAnswer(status: number, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'Cache-Control': 'no-store', ...headers }, setCookies: [], body: null };
}

/** The answer as a `Response` of the Fetch standard. */
export function toResponse({ status, headers, setCookies, body }: Answer): Response {
  const response = new Response(body, { status, headers });
  for (const cookie of setCookies) response.headers.append('Set-Cookie', cookie);
  return response;
}
