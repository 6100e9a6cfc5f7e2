import { ERRORS } from '../../src/generated/contract.ts';

const NO_STORE = { 'cache-control': 'no-store' };

export function json(body: unknown, status = 200): Response {
  const headers = { 'content-type': 'application/json', ...NO_STORE };
  return new Response(JSON.stringify(body), { status, headers });
}

/** A problem document (RFC 9457) as core and cell send it; texts are those of the contract. */
export function problem(code: string, status: number, members: Record<string, unknown> = {}): Response {
  const { title, detail, retryable } = Object.hasOwn(ERRORS, code)
    ? ERRORS[code as keyof typeof ERRORS]
    : { title: code, detail: code, retryable: false };
  const type = `https://userref.dev/errors/${code}`;
  const body = { type, title, status, detail, code, request_id: 'req-1', retryable, ...members };
  const headers = { 'content-type': 'application/problem+json', ...NO_STORE };
  return new Response(JSON.stringify(body), { status, headers });
}

/** 401, with how to do better (RFC 9110 §11.6.1). */
export function unauthorized(challenge: string): Response {
  const response = problem('invalid_token', 401);
  response.headers.set('www-authenticate', challenge);
  return response;
}

/** An error of an OAuth endpoint (RFC 6749 §5.2). */
export function oauthError(error: string, status: number): Response {
  return json({ error, error_description: 'described by somebody else' }, status);
}
