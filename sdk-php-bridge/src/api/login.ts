import { ANY_PASSPORT_ERROR, type Endpoint } from './endpoint.ts';
import {
  attributeNames,
  browserCookies,
  list,
  object,
  previewOrigin,
  purpose,
  session,
  sessionHandle,
  setCookies,
  text,
} from './schema.ts';
import { sessionAnswer } from './session-answer.ts';

interface StartBody {
  readonly return_to?: string;
  readonly attributes?: readonly string[];
  readonly purpose?: string;
  readonly prompt?: 'login' | 'consent' | 'none';
  readonly max_age_seconds?: number;
  readonly ui_locales?: readonly string[];
  readonly started_by?: 'visitor' | 'page';
  readonly cookies?: Readonly<Record<string, string>>;
}

export const startLogin: Endpoint<StartBody> = {
  method: 'POST',
  path: '/v1/login/start',
  operationId: 'startLogin',
  summary: 'Begins a login: an address to send the browser to, and the cookie that brings it back.',
  body: object(
    {},
    {
      return_to: text('Path of the site to come back to. Default /.'),
      attributes: attributeNames,
      purpose,
      prompt: { type: 'string', enum: ['login', 'consent', 'none'] },
      max_age_seconds: { type: 'integer', minimum: 0, maximum: 31_536_000 },
      ui_locales: list(text('BCP 47.', { maxLength: 35 }), 8),
      started_by: {
        type: 'string',
        enum: ['visitor', 'page'],
        description: 'page when no person asked for it: such logins are counted.',
      },
      cookies: browserCookies,
      preview_origin: previewOrigin,
    },
  ),
  answer: object({
    authorization_url: text('Send the browser here, with 303.', { maxLength: 8192 }),
    cookies: setCookies,
  }),
  errors: [
    'return_to_rejected',
    'unknown_attribute',
    'purpose_required',
    'unknown_purpose',
    'login_loop',
    'login_request_refused',
    'discovery_failed',
    'preview_refused',
  ],
  async handle({ body, parts: { userref, cookies } }) {
    const { url, setCookies: lines } = await userref.startLogin({
      returnTo: body.return_to,
      attributes: body.attributes,
      purpose: body.purpose,
      prompt: body.prompt,
      maxAgeSeconds: body.max_age_seconds,
      uiLocales: body.ui_locales,
      startedBy: body.started_by,
      cookieHeader: cookies.headerOf({ cookies: body.cookies }),
    });
    return { authorization_url: url, cookies: cookies.sort(lines).cookies };
  },
};

interface CompleteBody {
  readonly query: string;
  readonly cookies: Readonly<Record<string, string>>;
  readonly session_handle?: string;
}

export const completeLogin: Endpoint<CompleteBody> = {
  method: 'POST',
  path: '/v1/login/complete',
  operationId: 'completeLogin',
  summary: 'Ends a login that came back. A refusal may carry cookies, return_to and session_handle too.',
  body: object(
    {
      query: text('The query of the callback as it came, without ?.', { maxLength: 8192 }),
      cookies: browserCookies,
    },
    { session_handle: sessionHandle, preview_origin: previewOrigin },
  ),
  answer: object({
    session,
    session_handle: sessionHandle,
    return_to: text('Path of the site: send the browser there.'),
    cookies: setCookies,
  }),
  errors: [
    'login_state_missing',
    'login_state_mismatch',
    'login_expired',
    'login_denied',
    'issuer_mismatch',
    'insufficient_user_authentication',
    'session_invalid',
    'token_exchange_failed',
    ANY_PASSPORT_ERROR,
    'discovery_failed',
    'preview_refused',
  ],
  async handle({ body, parts: { userref, cookies } }) {
    const finished = await userref.finishLogin({
      url: `${userref.paths.callback}?${body.query}`,
      cookieHeader: cookies.headerOf({ cookies: body.cookies, sessionHandle: body.session_handle }),
    });
    return {
      session: sessionAnswer(finished.session),
      return_to: finished.returnTo,
      ...cookies.sort(finished.setCookies),
    };
  },
};
