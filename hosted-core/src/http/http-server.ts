import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { UserrefError } from '../errors/userref-error.ts';
import type { Logger } from '../observability/logger.ts';
import { sendProblem } from './problem.ts';
import { setBaselineHeaders } from './security-headers.ts';

export interface HttpServerOptions {
  readonly logger: Logger;
  /** Which listener a log line speaks of: `core`, `cell`, … */
  readonly component: string;
  /** Addresses or networks of reverse proxies whose `X-Forwarded-*` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** How errors of page routes are shown; JSON problems are the default. */
  readonly renderErrorPage?: RenderErrorPage;
}

export type RenderErrorPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  error: UserrefError,
) => Promise<void>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `page` routes answer people, in HTML; all others answer programs, with problem documents. */
    readonly answers?: 'page';
  }
}

/** A Fastify server with our defaults: request ids, problem documents, quiet logs, baseline headers. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const logger = options.logger.child({ component: options.component });
  // All that it writes stands below: looking through that for secrets would cost ten times the line itself.
  const requestLog = logger.child({}, { redact: [] });
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // Fastify's own lines hold whole addresses; ours below hold routes.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustedProxies?.length ? [...options.trustedProxies] : false,
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
  });
  app.addHook('onRequest', async (_request, reply) => setBaselineHeaders(reply));
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, not the address: addresses carry ids and codes.
    requestLog.info(
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
  app.setNotFoundHandler(() => {
    throw new UserrefError('not_found', { detail: 'There is nothing at this address.' });
  });
  app.setErrorHandler(async (error, request, reply) => {
    const known = toUserrefError(error);
    if (known.status >= 500) request.log.error({ err: error, errorCode: known.code }, 'request failed');
    if (isForPeople(request) && options.renderErrorPage) {
      await options.renderErrorPage(request, reply, known);
      return reply;
    }
    return sendProblem(reply, known, request.id);
  });
  return app;
}

/** A page of ours, or an address that is none and that a browser was taken to. */
function isForPeople({ routeOptions, is404, headers }: FastifyRequest): boolean {
  return routeOptions.config?.answers === 'page' || (is404 && headers.accept?.includes('text/html') === true);
}

/** Fastify's own refusals, by HTTP status, in our vocabulary. */
const FROM_STATUS = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
} as const;

function toUserrefError(error: unknown): UserrefError {
  if (error instanceof UserrefError) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const code = FROM_STATUS[status as keyof typeof FROM_STATUS] ?? 'internal_error';
  return new UserrefError(code, { cause: error });
}
