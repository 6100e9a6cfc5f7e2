import { ERRORS, type ErrorCode } from '../contract/generated.ts';

export type { ErrorCode };

export interface UserrefErrorOptions {
  /** One sentence for the caller about this occurrence. Never personal data, never internals. */
  readonly detail?: string;
  /** Members added to the problem document, such as `attributes` of `consent_required`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** For our own log only; never sent. Never personal data either. */
  readonly logDetail?: string;
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The one error that the core and the cell throw on purpose. What we reveal (`code`, `detail`,
 * `extensions`) and what we log (`logDetail`, `cause`) are separate members, decided where it is thrown.
 */
export class UserrefError extends Error {
  override readonly name = 'UserrefError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly logDetail: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: UserrefErrorOptions = {}) {
    const entry = ERRORS[code];
    super(`${code}: ${options.detail ?? entry.title}`, { cause: options.cause });
    this.code = code;
    this.status = entry.status ?? 500;
    this.title = entry.title;
    this.detail = options.detail ?? entry.detail;
    this.retryable = entry.retryable;
    this.extensions = options.extensions ?? {};
    this.logDetail = options.logDetail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
