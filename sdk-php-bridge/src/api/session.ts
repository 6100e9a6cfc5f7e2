import { UserrefError } from '@userref/sdk-core';
import type { Endpoint } from './endpoint.ts';
import { object, previewOrigin, session, sessionHandle, text } from './schema.ts';
import { sessionAnswer } from './session-answer.ts';

interface SessionBody {
  readonly session_handle: string;
}

export const refreshSession: Endpoint<SessionBody> = {
  method: 'POST',
  path: '/v1/session/refresh',
  operationId: 'refreshSession',
  summary:
    'Whether a session is still good, as far as the bridge has heard; sealed anew with the first secret.',
  body: object({ session_handle: sessionHandle }, { preview_origin: previewOrigin }),
  answer: object(
    { active: { type: 'boolean' } },
    {
      reason: { type: 'string', enum: ['session_invalid', 'session_expired', 'session_revoked'] },
      session,
      session_handle: sessionHandle,
    },
  ),
  errors: ['service_unavailable', 'session_invalid', 'preview_refused'],
  async handle({ body, parts: { userref, cookies } }) {
    const header = cookies.headerOf({ sessionHandle: body.session_handle });
    const { session: found, refusal } = await userref.checkSession(header);
    if (found === null) return { active: false, reason: refusal ?? 'session_invalid' };
    const { setCookies } = await userref.reviseSession(found, {});
    return { active: true, session: sessionAnswer(found), ...handleIn(cookies.sort(setCookies)) };
  },
};

export const logout: Endpoint<Partial<SessionBody>> = {
  method: 'POST',
  path: '/v1/logout',
  operationId: 'logout',
  summary: 'Ends a session, and gives the address that ends it at the core too.',
  body: object({}, { session_handle: sessionHandle, preview_origin: previewOrigin }),
  answer: object({
    logout_url: text('Send the browser here; it comes back to the site.', { maxLength: 8192 }),
  }),
  errors: ['preview_refused'],
  async handle({ body, parts: { userref, cookies } }) {
    const cookieHeader = cookies.headerOf({ sessionHandle: body.session_handle });
    return { logout_url: (await userref.endSession({ cookieHeader })).logoutUrl };
  },
};

function handleIn({ session_handle: handle }: { session_handle?: string }): { session_handle: string } {
  if (handle === undefined) throw new UserrefError('session_invalid');
  return { session_handle: handle };
}
