import { SecretBox } from '../../secrets/secret-box.ts';

/** Parameters that may name the person. The core keeps neither, and passes `login_hint` on to the cell. */
const PERSONAL = ['login_hint', 'id_token_hint'] as const;

type Payload = Record<string, unknown>;

/**
 * Requests are stored while a person signs in, and `login_hint` is often an e-mail address. It is taken out before
 * storing. Only a pushed request has to bring it along to the browser's visit: there it is sealed under a key that
 * needs the request's own reference, of which the database has a hash, and it is gone with the request (60 s).
 * The session id that the engine copies into an interaction is taken out, too.
 */
export class PersonalHints {
  readonly #secrets: SecretBox;

  constructor(secrets: SecretBox) {
    this.#secrets = secrets;
  }

  /** @param value what the artifact is found by; never stored itself */
  hide<T extends Payload>(kind: string, value: string, payload: T): T {
    if (kind === 'Interaction') return withoutInteractionSecrets(payload);
    const claims = kind === 'PushedAuthorizationRequest' ? claimsOf(payload.request) : undefined;
    if (!claims) return payload;
    const { login_hint: hint } = claims;
    for (const name of PERSONAL) delete claims[name];
    const sealed =
      typeof hint === 'string' && hint !== '' && this.#box(value).seal('hint', Buffer.from(hint));
    return {
      ...payload,
      request: withClaims(payload.request, claims),
      ...(sealed && { sealedHint: sealed.toString('base64') }),
    };
  }

  /** What {@link hide} was given, for whoever has the reference. */
  reveal<T extends Payload>(value: string, { sealedHint, ...payload }: T): Omit<T, 'sealedHint'> {
    const claims = typeof sealedHint === 'string' ? claimsOf(payload.request) : undefined;
    if (!claims) return payload;
    const hint = this.#box(value)
      .open('hint', Buffer.from(String(sealedHint), 'base64'))
      .toString('utf8');
    return { ...payload, request: withClaims(payload.request, { ...claims, login_hint: hint }) };
  }

  #box(value: string): SecretBox {
    return new SecretBox(this.#secrets.deriveKey(`login-hint/${value}`));
  }
}

/** The engine keeps what was asked twice: as parameters, and as details of the prompt. */
function withoutInteractionSecrets<T extends Payload>(payload: T): T {
  const { cookie: _sessionId, ...session } = objectOf(payload.session);
  const prompt = objectOf(payload.prompt);
  return {
    ...payload,
    params: withoutHints(payload.params),
    ...(payload.prompt ? { prompt: { ...prompt, details: withoutHints(prompt.details) } } : {}),
    ...(payload.session ? { session } : {}),
  };
}

function withoutHints(value: unknown): Payload {
  const kept = { ...objectOf(value) };
  for (const name of PERSONAL) delete kept[name];
  return kept;
}

function objectOf(value: unknown): Payload {
  return (value ?? {}) as Payload;
}

/** The engine keeps a pushed request as an unsecured JWT; signed request objects are not accepted. */
function claimsOf(request: unknown): Payload | undefined {
  const [, body, signature] = typeof request === 'string' ? request.split('.') : [];
  if (!body || signature !== '') return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Payload;
}

function withClaims(request: unknown, claims: Payload): string {
  const [header] = String(request).split('.');
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}
