/**
 * What kind of refusal it was, as far as a caller can act on it.
 * `unauthorized`: our secret is wrong or gone · `forbidden`: the application lacks the role, or the token its
 * scope · `not_found`: no such entity · `invalid`: our mistake · `conflict` · `rate_limited` · `unavailable`: away,
 * slow or broken, try later · `unexpected`: an answer that was never observed.
 */
export type ManagementErrorKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable'
  | 'unexpected';

/** Logto's codes only; its messages and `data` may quote tokens and people. */
export class ManagementError extends Error {
  override readonly name = 'ManagementError';
  readonly kind: ManagementErrorKind;
  /** Logto's own, such as `entity.not_found`; empty when there was none. */
  readonly code: string;
  readonly status: number;

  constructor(kind: ManagementErrorKind, { code = '', status = 0 }: { code?: string; status?: number } = {}) {
    super(`Logto's Management API: ${kind}${code && ` (${code})`}`);
    this.kind = kind;
    this.code = code;
    this.status = status;
  }

  get isTransient(): boolean {
    return this.kind === 'unavailable' || this.kind === 'rate_limited';
  }
}

/** Reads a refusal of the Management API or of its token endpoint. */
export function refusalOf(status: number, body: unknown): ManagementError {
  const code = codeOf(body);
  return new ManagementError(kindOf(status, code), { code, status });
}

function kindOf(status: number, code: string): ManagementErrorKind {
  // An unknown client is 400 at the token endpoint, a wrong secret 401.
  if (code === 'oidc.invalid_client' || (status === 401 && code.startsWith('auth.'))) return 'unauthorized';
  if (status === 403) return 'forbidden';
  // A route that is not there answers in plain text: that is a version we do not know, not a missing user.
  if (status === 404) return code === '' ? 'unexpected' : 'not_found';
  if (status === 400) return 'invalid';
  if (status === 409 || status === 422) return 'conflict';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  return 'unexpected';
}

function codeOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { code } = body as { code?: unknown };
  return typeof code === 'string' && /^[a-z_]{1,40}(\.[a-z_]{1,80})*$/.test(code) ? code : '';
}
