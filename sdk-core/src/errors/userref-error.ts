import { ERRORS, type ErrorCode } from '../generated/contract.ts';

export type { ErrorCode };

const HELP = 'https://userref.dev/errors/';

/** What an error says beyond its code. */
export interface UserrefErrorOptions {
  /** One sentence about this occurrence. Never personal data, never a secret. */
  readonly detail?: string | undefined;
  /** Overrides the registry: whether the same call may succeed a little later. */
  readonly isTransient?: boolean | undefined;
  /** The core's or cell's `request_id`, for the operator. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The base of every error that this SDK throws on purpose. Switch on `code`: it comes from the registry of
 * the contract and stays stable, messages do not.
 */
export class UserrefError extends Error {
  override readonly name: string = 'UserrefError';
  readonly code: ErrorCode;
  /** Short title of the code. */
  readonly title: string;
  /** One sentence: what happened. */
  readonly detail: string;
  /** One or two sentences: what to do about it. */
  readonly fix: string;
  /** Where the code is explained. */
  readonly helpUrl: string;
  /** Whether trying again later makes sense. Keep the session when it is `true`. */
  readonly isTransient: boolean;
  readonly requestId: string | undefined;

  constructor(code: ErrorCode, options: UserrefErrorOptions = {}) {
    const entry = ERRORS[code];
    const detail = options.detail ?? entry.detail;
    super(`${code}: ${detail} ${entry.fix}`, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.title = entry.title;
    this.detail = detail;
    this.fix = entry.fix;
    this.helpUrl = `${HELP}${code}`;
    this.isTransient = options.isTransient ?? entry.retryable;
    this.requestId = options.requestId;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}
