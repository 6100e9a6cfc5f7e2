import { type Answer, type ErrorPage, headersOfSitePage } from '@userref/sdk-core/adapter';
import type { NextFunction, Request, Response } from 'express';

/**
 * Shows a page about an error in the site's own layout: `(page, req, res) => res.render('problem', page)`. Status,
 * cookies and `Cache-Control` are set by then; the body is the site's. Errors of its own go to Express.
 */
export type RenderError = (page: ErrorPage, request: Request, response: Response) => void | Promise<void>;

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
  readonly renderError: RenderError | undefined;
}

/** Sends an answer of the SDK, or has the site show its page. */
export function sendAnswer(answer: Answer, { request, response, next, renderError }: Exchange): void {
  const { status, headers, setCookies, body, page } = answer;
  addCookies(response, setCookies);
  response.status(status);
  if (page !== undefined && renderError !== undefined) {
    response.set(headersOfSitePage(answer));
    render(renderError, page, { request, response }).catch(next);
    return;
  }
  response.set(headers);
  if (body === null) response.end();
  else response.send(body);
}

/** Where no code of the site waits for it: if the site has answered by then, as timeouts do, ours is dropped. */
export function sendInTime(answer: Answer, exchange: Exchange): void {
  if (!exchange.response.headersSent) sendAnswer(answer, exchange);
}

async function render(
  renderError: RenderError,
  page: ErrorPage,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
): Promise<void> {
  await renderError(page, request, response);
}

const THIS_VISITOR_ONLY = 'private, no-store';
const OF_ONE = /\b(?:private|no-store)\b/i;

/** Adds cookies to the answer, unless it has left already. */
export function addCookies(response: Response, setCookies: readonly string[]): void {
  if (response.headersSent || setCookies.length === 0) return;
  response.append('Set-Cookie', [...setCookies]);
  keepCookiesFromCaches(response);
}

/** A cache that keeps cookies would give them to everybody, so whatever a page says of itself, this answer is for one. */
function keepCookiesFromCaches(response: Response): void {
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => Response;
  response.writeHead = (...given: unknown[]) => {
    if (!OF_ONE.test(String(response.getHeader('Cache-Control')))) {
      response.setHeader('Cache-Control', THIS_VISITOR_ONLY);
    }
    return writeHead(...given);
  };
}

/** No cache may give one visitor's answer to another; a site that has said what caches may do has the last word. */
export function keepFromCaches(response: Response): void {
  if (response.headersSent || response.hasHeader('Cache-Control')) return;
  response.set('Cache-Control', THIS_VISITOR_ONLY);
}
