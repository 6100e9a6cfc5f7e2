import type { Answer } from '@userref/sdk-core/adapter';
import type { Response } from 'express';

/** Sends an answer of the SDK as it is. */
export function sendAnswer({ status, headers, setCookies, body }: Answer, response: Response): void {
  addCookies(response, setCookies);
  response.status(status).set(headers);
  if (body === null) response.end();
  // `send`, so that a site which wraps it shows its own pages.
  else response.send(body);
}

/** Adds cookies to the answer, unless it has left already. */
export function addCookies(response: Response, setCookies: readonly string[]): void {
  if (!response.headersSent && setCookies.length > 0) response.append('Set-Cookie', [...setCookies]);
}
