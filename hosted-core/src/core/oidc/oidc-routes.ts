import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CORE_STYLE, CORE_STYLE_PATH } from './core-pages.ts';
import type { OidcServer } from './oidc-server.ts';
import { REQUEST_ID_HEADER } from './request-pipeline.ts';

/**
 * Pages of the engine post forms on to sites (form_post, logout), so `form-action` stays open here; the one
 * inline script that form_post needs is allowed by its hash, which the engine adds.
 */
const ENGINE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Mounts the OpenID endpoints. Bodies are left unread: the engine parses them itself. */
export async function oidcRoutes(
  app: FastifyInstance,
  options: { server: OidcServer; issuer: string },
): Promise<void> {
  const { protocol, host } = new URL(options.issuer);
  app.get(CORE_STYLE_PATH, (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(CORE_STYLE),
  );
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('content-security-policy', ENGINE_POLICY);
      for (const [name, value] of Object.entries(reply.getHeaders()))
        reply.raw.setHeader(name, value as string);
      // CORS answers of the token and userinfo endpoints are read by other origins.
      reply.raw.setHeader('cross-origin-resource-policy', 'cross-origin');
      reply.hijack();
      // Addresses are built from the configured issuer, never from what a client or proxy claims.
      request.raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
      request.raw.headers['x-forwarded-host'] = host;
      delete request.raw.headers['x-forwarded-for'];
      request.raw.headers[REQUEST_ID_HEADER] = request.id;
      await options.server.handle(request.raw, reply.raw).catch((err: unknown) => {
        request.log.error({ err }, 'the OpenID engine could not answer');
        if (!reply.raw.headersSent)
          reply.raw.writeHead(503, { 'retry-after': '2', 'cache-control': 'no-store' });
        reply.raw.end();
      });
    };
    scope.route({ method: ['GET', 'POST', 'OPTIONS'], url: '/*', handler, exposeHeadRoute: false });
  });
}
