export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** A problem document (RFC 9457) as core and cell send it. */
export function problem(code: string, status: number, members: Record<string, unknown> = {}): Response {
  const body = { type: `https://userref.dev/errors/${code}`, code, status, request_id: 'req-1', ...members };
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify(body), { status, headers });
}

/** An error of an OAuth endpoint (RFC 6749 §5.2). */
export function oauthError(error: string, status: number): Response {
  return json({ error, error_description: 'described by somebody else' }, status);
}
