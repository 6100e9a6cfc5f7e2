import { UserrefError, type UserrefErrorOptions } from './userref-error.ts';

export interface LoginFailure extends UserrefErrorOptions {
  readonly setCookies?: readonly string[];
  readonly returnTo?: string | undefined;
}

/** A login that came back and was refused. Send `setCookies` with whatever answer you give. */
export class LoginFailedError extends UserrefError {
  override readonly name = 'LoginFailedError';
  readonly #setCookies: readonly string[];
  /** Where the visitor wanted to go, when the transaction was readable: use it to start again. */
  readonly returnTo: string | undefined;

  constructor(code: UserrefError['code'], failure: LoginFailure = {}) {
    super(code, failure);
    this.#setCookies = Object.freeze([...(failure.setCookies ?? [])]);
    this.returnTo = failure.returnTo;
  }

  /**
   * `Set-Cookie` values that clear the transaction of this login. A session may be among them, so they appear in no
   * log and no JSON.
   */
  get setCookies(): readonly string[] {
    return this.#setCookies;
  }
}
