import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { UserrefError } from '../../../errors/userref-error.ts';
import { type LogoutDependencies, receiveLogout } from './receive-logout.ts';
import { receiveWebhook, type WebhookDependencies } from './receive-webhook.ts';
import { SIGNATURE_HEADER } from './webhook-signature.ts';

export const WEBHOOK_PATH = '/upstream/webhooks';
export const BACKCHANNEL_LOGOUT_PATH = '/upstream/backchannel-logout';
const MAX_BODY = 256 * 1024;

/**
 * What the upstream sends by itself. `POST /upstream/webhooks`: Logto's events, answered with 204.
 * `POST /upstream/backchannel-logout`: logout tokens, answered with 200 (Back-Channel Logout 1.0 §2.8).
 */
export async function upstreamNoticeRoutes(
  app: FastifyInstance,
  deps: LogoutDependencies & WebhookDependencies,
): Promise<void> {
  if (deps.keys.length > 0)
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // The signature is over the bytes, so nothing parses them before it is checked.
      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      scope.post(WEBHOOK_PATH, { bodyLimit: MAX_BODY }, async (request, reply) => {
        const { body } = request;
        if (!Buffer.isBuffer(body)) throw new UserrefError('invalid_request');
        const signature = request.headers[SIGNATURE_HEADER];
        await receiveWebhook(deps, { body, signature, requestId: request.id });
        return reply.code(204).send();
      });
    });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    await scope.register(formbody, { bodyLimit: 16 * 1024 });
    scope.post(BACKCHANNEL_LOGOUT_PATH, async (request, reply) => {
      const { logout_token: logoutToken } = (request.body ?? {}) as { logout_token?: unknown };
      await receiveLogout(deps, { logoutToken, requestId: request.id });
      return reply.code(200).send();
    });
  });
}
