import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CanaryReport } from '../canary/search.ts';
import { followProgress, type Progress } from './progress.ts';
import { type Chapter, storyboard, type TourPlaces } from './storyboard.ts';
import type { TourEventSource } from './tour-event.ts';
import { clockTime, renderTourPage, type TourPerson } from './tour-page.ts';

export interface TourOptions extends TourPlaces {
  /** Port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Address that browsers use. Default: `http://localhost:{port}`. */
  baseUrl?: string;
  /** Sample people; the first is the one that the tour suggests. */
  people: readonly TourPerson[];
  events: TourEventSource;
  /**
   * Searches both shops. `cookies` is what the visitor's browser holds for this host name: browsers do not part
   * cookies by port, so the shops' are among them. A clean report ticks the last step.
   */
  runCanarySearch(visitor: { cookies: Uint8Array }): Promise<CanaryReport>;
}

export interface Tour {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the guided tour and resolves when it listens. */
export async function createTour(options: TourOptions): Promise<Tour> {
  const progress = followProgress(options.events);
  const server = createServer();
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const url = options.baseUrl ?? `http://localhost:${(server.address() as AddressInfo).port}`;
  const chapters = storyboard(options, options.people[0]?.name ?? 'a sample person');
  const search = singleSearch(options, progress);
  const routes: Routes = { chapters, people: options.people, progress, search, origin: new URL(url).origin };
  server.on('request', (req, res) => {
    answer(routes, req, res).catch(
      () => res.headersSent || send(res, 500, 'text/plain', 'The tour failed here.\n'),
    );
  });

  return {
    url,
    async close() {
      progress.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Routes {
  readonly chapters: readonly Chapter[];
  readonly people: readonly TourPerson[];
  readonly progress: Progress;
  readonly search: CanarySearch;
  readonly origin: string;
}

async function answer(routes: Routes, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.setHeaders(protection);
  const { pathname } = new URL(req.url ?? '/', routes.origin);
  const route = `${req.method} ${pathname}`;
  if (route === 'GET /' || route === 'GET /tour') return sendPage(routes, res);
  if (route === 'GET /events') return stream(routes.progress, res);
  if (route === 'POST /canary') return runSearch(routes, req, res);
  const asset = req.method === 'GET' ? assets.get(pathname) : undefined;
  if (asset) return send(res, 200, asset, await readFile(join(import.meta.dirname, pathname)));
  send(res, 404, 'text/plain', 'Nothing is kept here.\n');
}

const assets = new Map([
  ['/static/tour.css', 'text/css'],
  ['/static/tour.js', 'text/javascript'],
  ['/static/userref.svg', 'image/svg+xml'],
]);

const protection = new Headers({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
});

function send(res: ServerResponse, status: number, type: string, body: string | Buffer): void {
  res.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

function sendPage({ chapters, people, progress, search }: Routes, res: ServerResponse): void {
  const canary = search.last();
  const state = { chapters, people, done: progress.done, ...(canary && { canary }) };
  send(res, 200, 'text/html', renderTourPage(state));
}

/** Every message carries all that is done, so a page that comes late or comes back misses nothing. */
function stream(progress: Progress, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 2000\n\n');
  const tell = () => res.write(`event: progress\ndata: ${JSON.stringify(snapshot(progress))}\n\n`);
  tell();
  res.once('close', progress.subscribe(tell));
}

function snapshot({ done }: Progress) {
  return [...done.values()].map(({ step, detail = '', at }) => ({ step, detail, time: clockTime(at) }));
}

async function runSearch(
  { search, origin }: Routes,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { 'sec-fetch-site': from, origin: sender } = req.headers;
  const trusted = from === undefined ? sender === origin : from === 'same-origin';
  if (!trusted)
    return send(res, 403, 'text/plain', 'This form did not come from the tour. Nothing was done.\n');
  req.resume();
  await search.run({ cookies: Buffer.from(req.headers.cookie ?? '') });
  res.writeHead(303, { location: '/#search-for-leaks' }).end();
}

interface CanarySearch {
  last(): CanaryReport | 'failed' | undefined;
  run(visitor: { cookies: Uint8Array }): Promise<void>;
}

/** One search at a time: whoever presses the button meanwhile waits for the same result. */
function singleSearch(
  { runCanarySearch }: Pick<TourOptions, 'runCanarySearch'>,
  progress: Progress,
): CanarySearch {
  let last: CanaryReport | 'failed' | undefined;
  let running: Promise<void> | undefined;
  const search = async (visitor: { cookies: Uint8Array }) => {
    last = await runCanarySearch(visitor).catch(() => 'failed' as const);
    if (last === 'failed' || !last.clean) return;
    const detail = `bait ${last.positiveControlFound}/${last.positiveControlPlanted}, hits 0`;
    progress.record({ step: 'canary-clean', detail, at: new Date() });
  };
  return {
    last: () => last,
    run(visitor) {
      running ??= search(visitor).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
