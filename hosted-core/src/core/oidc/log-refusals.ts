import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Logger } from '../../observability/logger.ts';

/** Events by which the engine tells that it refused something. */
const REFUSALS = [
  'authorization.error',
  'pushed_authorization_request.error',
  'grant.error',
  'introspection.error',
  'revocation.error',
  'userinfo.error',
  'end_session.error',
] as const;

interface Refusal {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
}

type Listen = (event: string, listener: (ctx: KoaContextWithOIDC, refusal: Refusal) => void) => void;

/**
 * Refusals by site and reason, so that an operator can tell a site's developer what is wrong. The engine's
 * private detail is kept short, and not at all when it may quote an e-mail address.
 */
export function logRefusals(provider: Provider, logger: Logger): void {
  const on = provider.on.bind(provider) as unknown as Listen;
  for (const event of REFUSALS) {
    on(event, (ctx, refusal) => {
      const site = ctx.oidc.client?.clientId;
      logger.warn({ event, site, oauthError: refusal.error, reason: reasonOf(refusal) }, 'refused');
    });
  }
  on('server_error', (_ctx, err) => logger.error({ err }, 'the OpenID engine failed'));
}

function reasonOf({ error_description, error_detail }: Refusal): string | undefined {
  const reason = error_detail ?? error_description;
  return reason?.includes('@') ? error_description : reason?.slice(0, 200);
}
