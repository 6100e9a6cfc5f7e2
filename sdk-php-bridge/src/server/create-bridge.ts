import { randomUUID } from 'node:crypto';
import { UserrefError } from '@userref/sdk-core';
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Call, Endpoint } from '../api/endpoint.ts';
import { ENDPOINTS } from '../api/endpoints.ts';
import { openApiDocument } from '../openapi/open-api-document.ts';
import type { BridgeSettings } from '../settings/bridge-settings.ts';
import { type BridgeSecrets, createBridgeSecrets, createGate } from './gate.ts';
import { createParts, type Parts, type PartsByAddress } from './parts.ts';
import { contractError, problemOf } from './problem.ts';
import { within } from './within.ts';

/** Parts that tests and programs hand in. */
export interface BridgeOptions {
  /** Where log lines go. Default: stdout. */
  readonly logStream?: NodeJS.WritableStream;
  /** Default: the system clock. */
  readonly clock?: () => Date;
  /** Default: those of the settings, for good. */
  readonly secrets?: BridgeSecrets;
}

/** Larger than the largest body of the API, a webhook of 64 KiB in base64. */
const MAX_BODY_BYTES = 163_840;
/**
 * PHP gives up after 5 s on what may need the core; a clear answer has to come before that, however many requests to
 * the core a call is made of.
 */
const ANSWER_MS = 4000;
/** By then PHP has given up, so what is still on its way comes from nobody. */
const REQUEST_MS = 5000;
/** On a request: the parts for the address that it names. */
const PARTS = 'parts';
type AddressedBody = { readonly preview_origin?: string } | null | undefined;
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The bridge as an HTTP server that does not listen yet; begins to poll for revocations once it is ready. */
export function createBridge(settings: BridgeSettings, options: BridgeOptions = {}): FastifyInstance {
  const app = Fastify({
    logger: {
      level: settings.logLevel,
      ...(options.logStream && { stream: options.logStream }),
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestIdHeader: false,
    genReqId: ({ headers }) => givenId(headers['x-request-id']) ?? randomUUID(),
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true, allowUnionTypes: true },
    },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: REQUEST_MS,
    // Node takes the larger of the two for whole requests.
    http: { headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1000 },
    // So that the gate sees it too; Fastify would answer by itself.
    rewriteUrl: ({ url = '' }) => (isDecodable(url) ? url : '/'),
  });
  const parts = createParts(settings, {
    clock: options.clock,
    onPollFailure: (error) => app.log.warn({ code: codeOf(error) }, 'the core was not asked for revocations'),
  });
  const { secrets = createBridgeSecrets(settings.secrets) } = options;
  const gate = createGate({ secrets, hosts: settings.hosts });
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-request-id': request.id });
    gate(request);
  });
  if (settings.logLevel === 'debug') logAnswers(app);
  app.removeContentTypeParser('text/plain');
  app.decorateRequest(PARTS, null);
  answerErrors(app, parts);
  for (const endpoint of ENDPOINTS) addEndpoint(app, { endpoint, parts });
  app.get('/v1/openapi.json', async () => openApiDocument());
  endConnectionsWithTheLastAnswer(app);
  app.addHook('onReady', async () => parts.own.feed.start());
  app.addHook('onClose', async () => parts.own.feed.stop());
  return app;
}

function addEndpoint(
  app: FastifyInstance,
  { endpoint, parts }: { endpoint: Endpoint; parts: PartsByAddress },
): void {
  const { method, path: url, body, query, cacheSeconds } = endpoint;
  const schema = { ...(body && { body }), ...(query && { querystring: query }) };
  app.route({
    method,
    url,
    schema,
    async handler(request, reply) {
      request.setDecorator(PARTS, parts.at((request.body as AddressedBody)?.preview_origin));
      const answer = await within(ANSWER_MS, endpoint.handle(callOf(request)));
      if (cacheSeconds !== undefined) void reply.header('cache-control', `max-age=${cacheSeconds}`);
      return answer;
    },
  });
}

function callOf(request: FastifyRequest): Call<never, never> {
  return {
    body: request.body as never,
    query: request.query as never,
    parts: request.getDecorator<Parts>(PARTS),
    log: (entry, message) => request.log.info(entry, message),
  };
}

function answerErrors(app: FastifyInstance, { own }: PartsByAddress): void {
  app.setErrorHandler((cause: Error, request, reply) => {
    const error = contractError(cause);
    const { cookies } = request.getDecorator<Parts | null>(PARTS) ?? own;
    const problem = problemOf(error, { requestId: request.id, cookies });
    const level = problem.status >= 500 ? 'warn' : 'info';
    request.log[level]({ code: error.code, path: request.routeOptions.url }, 'refused');
    if (error.code === 'internal_error') request.log.error({ stack: framesOf(cause) }, 'unexpected error');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="userref-php-bridge"');
    if (error.isTransient) void reply.header('retry-after', '2');
    return reply
      .code(problem.status)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  });
  app.setNotFoundHandler(async () => {
    throw new UserrefError('not_found', { detail: 'The bridge has no such call.' });
  });
}

function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ log, method, routeOptions: { url: path } }, reply) => {
    const ms = Math.round(reply.elapsedTime);
    log.debug({ method, path, status: reply.statusCode, ms }, 'answered');
  });
}

/** Whoever keeps a connection, or does not finish a request, would keep a bridge that is told to go. */
function endConnectionsWithTheLastAnswer(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
    setTimeout(() => app.server.closeAllConnections(), REQUEST_MS).unref();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close');
    done();
  });
}

function codeOf(error: unknown): string {
  return error instanceof UserrefError ? error.code : 'internal_error';
}

/** Where it happened, without the message, which may hold a value. */
function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

function givenId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : undefined;
}
