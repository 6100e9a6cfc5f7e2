import type { OutboundFetch } from '../../outbound/outbound-fetch.ts';

/** What the SDK hands over; a part of its `HttpRequest`. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly method: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Gives the AWS SDK our way out of the house in place of its own connections. */
export function awsRequestHandler(fetch: OutboundFetch) {
  return {
    async handle(request: SdkRequest, options: { abortSignal?: unknown } = {}) {
      const { host: _host, 'content-length': _length, ...headers } = request.headers;
      const response = await fetch(addressOf(request), {
        method: request.method,
        headers,
        body: request.body as string | Uint8Array<ArrayBuffer>,
        signal: options.abortSignal as AbortSignal | undefined,
      });
      return {
        response: {
          statusCode: response.status,
          reason: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: new Uint8Array(await response.arrayBuffer()),
        },
      };
    },
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

/** KMS takes POST to `/` only: an address with a query would be one that this handler does not know how to sign. */
function addressOf({ protocol, hostname, port, path, query }: SdkRequest): string {
  if (Object.keys(query ?? {}).length > 0) throw new TypeError('KMS requests have no query');
  const host = hostname.includes(':') ? `[${hostname.replace(/^\[|\]$/g, '')}]` : hostname;
  return `${protocol}//${host}${port ? `:${port}` : ''}${path}`;
}
