import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserrefError } from '@userref/sdk-core';
import { type Answer, collectBody, type IncomingRequest } from '@userref/sdk-core/adapter';

/** A request of the Pages Router as the SDK looks at it. `target` replaces an address that Next.js has changed. */
export function incomingOfNode(request: IncomingMessage, target = request.url ?? '/'): IncomingRequest {
  return {
    method: request.method ?? 'GET',
    target,
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : value?.join(', ');
    },
    async rawBody() {
      if (request.readableDidRead || request.readableEnded) throw new UserrefError('webhook_body_parsed');
      return collectBody(request, request.headers['content-length']);
    },
  };
}

/** Sends an answer of the SDK as it is. */
export function sendAnswer(answer: Answer, response: ServerResponse): void {
  sendHead(answer, response);
  response.end(answer.body ?? undefined);
}

/** Sets all of an answer but its body. */
export function sendHead({ status, headers, setCookies }: Answer, response: ServerResponse): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  addCookies(response, setCookies);
}

export function addCookies(response: ServerResponse, setCookies: readonly string[]): void {
  if (!response.headersSent && setCookies.length > 0) response.appendHeader('Set-Cookie', [...setCookies]);
}
