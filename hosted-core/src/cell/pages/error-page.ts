import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserrefError } from '../../errors/userref-error.ts';
import type { RenderErrorPage } from '../../http/http-server.ts';
import type { MessageKey } from './messages/en.ts';
import type { PageRenderer } from './page-renderer.ts';

type Explained =
  | 'interaction_not_found'
  | 'interaction_expired'
  | 'upstream_unavailable'
  | 'csrf_rejected'
  | 'service_unavailable'
  | 'not_found'
  | 'refused'
  | 'other';

const EXPLAINED: Readonly<Record<string, Explained>> = {
  interaction_not_found: 'interaction_not_found',
  interaction_expired: 'interaction_expired',
  upstream_unavailable: 'upstream_unavailable',
  csrf_rejected: 'csrf_rejected',
  service_unavailable: 'service_unavailable',
  not_found: 'not_found',
};

/** How errors are told to people: what happened, what to do, and a code to tell us. */
export function createErrorPage(pages: PageRenderer): RenderErrorPage {
  return async (request, reply, error) => {
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    await sendErrorPage(pages, request, reply, error);
  };
}

async function sendErrorPage(
  pages: PageRenderer,
  request: FastifyRequest,
  reply: FastifyReply,
  error: UserrefError,
) {
  const t = pages.translator(request, reply);
  const kind = EXPLAINED[error.code] ?? (error.status < 500 ? 'refused' : 'other');
  const again = retryPath(request, error);
  const links = [
    ...(again ? [{ href: again, label: t.text('error.retry') }] : []),
    { href: '/account', label: t.text('error.account'), quiet: true },
  ];
  return pages.send(reply, {
    template: 'message',
    title: t.text(`error.${kind}.title` satisfies MessageKey),
    t,
    narrow: true,
    status: error.status,
    path: '/account',
    data: {
      alert: true,
      text: t.text(`error.${kind}.text` satisfies MessageKey),
      links,
      reference: t.html('error.reference', { code: error.code, request: request.id }),
    },
  });
}

const beginnings = new WeakMap<FastifyRequest, string>();

/** Where a person may start over, should this request fail. */
export function startOverAt(request: FastifyRequest, path: string): void {
  beginnings.set(request, path);
}

/** The same page again, when that makes sense: a callback works once only, so it starts over. */
function retryPath(request: FastifyRequest, error: UserrefError): string | undefined {
  const beginning = beginnings.get(request);
  if (beginning) return beginning;
  if (!error.retryable || request.method !== 'GET') return undefined;
  const path = request.url.split('?')[0] ?? '/account';
  return path.startsWith('/upstream/') ? '/account' : path;
}
