import type { KoaContextWithOIDC } from 'oidc-provider';
import { UserrefError } from '../../errors/userref-error.ts';
import { problemOf } from '../../http/problem.ts';
import { renderErrorPage } from './core-pages.ts';
import { endedSession, type SessionEnded } from './ended-sessions.ts';
import { unitOfWork } from './unit-of-work.ts';

interface PipelineOptions {
  readonly tenantId: string;
  readonly onSessionEnded: (ended: SessionEnded) => Promise<void>;
}

/** By which the engine learns the request's id; what a client sends there is replaced. */
export const REQUEST_ID_HEADER = 'x-request-id';

type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;

/** Around every request to the engine: commit its writes before the answer, or replace the answer. */
export function requestPipeline({ tenantId, onSessionEnded }: PipelineOptions): Middleware {
  return async (ctx, next) => {
    const unit = unitOfWork();
    try {
      await next();
      if (unit.fault) throw unit.fault;
      if (!isAtEndpoint(ctx)) return answerForNoEndpoint(ctx);
      noteRevokedGrants(ctx, tenantId);
      const ended = endedSession(ctx);
      if (ended) await onSessionEnded(ended);
      if (!(await unit.commit())) refuseSecondUse(ctx);
    } catch (error) {
      const fault = unit.fault ?? error;
      if (!(fault instanceof UserrefError)) throw fault;
      replaceAnswer(ctx, fault);
    }
  };
}

/** A code, refresh token or pushed request was used a second time; its grant is gone. */
function refuseSecondUse(ctx: KoaContextWithOIDC): void {
  forgetAnswer(ctx);
  ctx.status = 400;
  if (ctx.oidc.route === 'token') {
    ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
    return;
  }
  renderErrorPage(ctx, {
    code: 'invalid_request',
    detail: 'This sign-in request was used already. Go back to the site and start again.',
  });
}

/** The database is away: say so, with a time to come back, instead of the engine's vague error. */
function replaceAnswer(ctx: KoaContextWithOIDC, fault: UserrefError): void {
  forgetAnswer(ctx);
  ctx.status = fault.status;
  if (fault.retryAfterSeconds !== undefined) ctx.set('retry-after', String(fault.retryAfterSeconds));
  if (ctx.accepts('json', 'html') === 'html') {
    renderErrorPage(ctx, { code: fault.code, detail: fault.detail });
    return;
  }
  const error = fault.status === 503 ? 'temporarily_unavailable' : 'server_error';
  ctx.body = { error, error_description: fault.detail };
}

/** Where the engine has no endpoint for address and method, its context lacks what is its own. */
function isAtEndpoint(ctx: { oidc?: unknown }): boolean {
  return ctx.oidc !== undefined;
}

/** A preflight has its answer by then; everything else has none. */
function answerForNoEndpoint(ctx: KoaContextWithOIDC): void {
  if (ctx.status !== 404) return;
  const error = new UserrefError('not_found', { detail: 'There is nothing at this address.' });
  forgetAnswer(ctx);
  ctx.status = 404;
  if (ctx.accepts('json', 'html') === 'html') {
    renderErrorPage(ctx, { code: error.code, detail: error.detail });
    return;
  }
  ctx.type = 'application/problem+json';
  ctx.body = JSON.stringify(problemOf(error, ctx.get(REQUEST_ID_HEADER)));
}

function forgetAnswer(ctx: KoaContextWithOIDC): void {
  ctx.remove('location');
  ctx.remove('set-cookie');
  ctx.set('cache-control', 'no-store');
}

function noteRevokedGrants(ctx: KoaContextWithOIDC, tenantId: string): void {
  const { route, client } = ctx.oidc;
  if (route === 'revocation' && ctx.status === 200) {
    unitOfWork().audit({ tenantId, action: 'token.revoked', siteId: client?.clientId });
  }
}
