import { UserrefError } from '../errors/userref-error.ts';
import { chunksOf, collectBody } from './incoming-body.ts';

/** What an adapter tells about a request. Host and scheme are no part of it: they come from `baseUrl` alone. */
export interface IncomingRequest {
  /** In capitals. */
  readonly method: string;
  /** Path and query as the browser asked for them, such as `/account?tab=orders`. */
  readonly target: string;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /**
   * The body, byte for byte as it came. Asked for by webhooks and back-channel logouts only.
   * @throws UserrefError `webhook_body_parsed` when the bytes are gone, `payload_too_large`
   */
  rawBody(): Promise<Uint8Array>;
}

/** A `Request` of the Fetch standard. */
export function incomingOf(request: Request): IncomingRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: pathname + search,
    header: (name) => request.headers.get(name) ?? undefined,
    async rawBody() {
      if (request.bodyUsed) throw new UserrefError('webhook_body_parsed');
      return collectBody(chunksOf(request.body), request.headers.get('content-length'));
    },
  };
}
