import { UserrefError } from '@userref/sdk-core';
import { collectBody, type IncomingRequest } from '@userref/sdk-core/adapter';
import type { Request } from 'express';

/** A request of Express, 4 or 5, as the SDK looks at it. */
export class ExpressRequest implements IncomingRequest {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method;
  }

  /** As the browser asked for it, wherever the middleware is mounted. */
  get target(): string {
    return this.#request.originalUrl;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === 'string' ? value : value?.join(', ');
  }

  /** Bytes that `express.raw()` read are fine; after any other parser the exact bytes are gone. */
  async rawBody(): Promise<Uint8Array> {
    const body: unknown = this.#request.body;
    if (body instanceof Uint8Array) return collectBody(once(body));
    if (this.#request.readableDidRead || this.#request.readableEnded) {
      throw new UserrefError('webhook_body_parsed');
    }
    return collectBody(this.#request, this.#request.headers['content-length']);
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
