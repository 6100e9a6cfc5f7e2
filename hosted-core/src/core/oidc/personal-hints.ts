/** Parameters that may name the person. The core neither keeps nor passes them on. */
const PERSONAL = ['login_hint', 'id_token_hint'] as const;

/**
 * Requests are stored while a person signs in, and `login_hint` is often an e-mail address. It is taken out
 * before storing, also out of a pushed request, which the engine keeps as an unsecured JWT. The same goes for
 * the session id that the engine copies into an interaction.
 */
export function withoutPersonalHints<T extends Record<string, unknown>>(kind: string, payload: T): T {
  if (kind === 'Interaction') return withoutInteractionSecrets(payload);
  if (kind === 'PushedAuthorizationRequest') return { ...payload, request: strippedRequest(payload.request) };
  return payload;
}

function withoutInteractionSecrets<T extends Record<string, unknown>>(payload: T): T {
  const params = { ...(payload.params as Record<string, unknown> | undefined) };
  for (const name of PERSONAL) delete params[name];
  const { cookie: _sessionId, ...session } = (payload.session ?? {}) as Record<string, unknown>;
  return { ...payload, params, ...(payload.session ? { session } : {}) };
}

function strippedRequest(request: unknown): unknown {
  if (typeof request !== 'string') return request;
  const [header, body, signature] = request.split('.');
  // Signed request objects are not accepted, so an unsecured one is all there is.
  if (!header || !body || signature !== '') return request;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
  for (const name of PERSONAL) delete claims[name];
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}
