import type { Answer, IncomingRequest } from '@userref/sdk-core/adapter';
import { publicUser } from '../site/public-user.ts';
import type { Site } from '../site/site.ts';
import { looksAhead } from './looks-ahead.ts';

const NOT_NOW: Answer = {
  status: 503,
  headers: { 'Cache-Control': 'no-store', 'Retry-After': '0' },
  setCookies: [],
  body: null,
};

/** Answers at the addresses that the SDK owns, for either router. */
export async function answerOwned(
  { adapter, sessionPath, basePath, ownTarget }: Site,
  asked: IncomingRequest,
): Promise<Answer> {
  const incoming = { ...asked, target: ownTarget(basePath + asked.target) ?? asked.target };
  if (incoming.method === 'GET' && pathOf(incoming) === sessionPath) return tellSession(adapter, incoming);
  if (incoming.method === 'GET' && looksAhead(incoming)) return NOT_NOW;
  return adapter.handle(incoming);
}

/** Who is signed in, for `useUser()`. Other origins cannot read it, as nothing allows them to. */
async function tellSession(adapter: Site['adapter'], incoming: IncomingRequest): Promise<Answer> {
  const setCookies: string[] = [];
  const visit = await adapter.beginVisit(incoming, (cookies) => setCookies.push(...cookies));
  const user = visit.user === null ? null : publicUser(visit.user);
  const headers = {
    'Cache-Control': 'private, no-store',
    'Content-Type': 'application/json; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  };
  return { status: 200, headers, setCookies, body: JSON.stringify({ user }) };
}

function pathOf({ target }: IncomingRequest): string {
  return target.split('?', 1)[0] ?? target;
}
