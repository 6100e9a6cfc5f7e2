import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { newToken, tokenHash } from '../people/opaque-token.ts';
import type { UpstreamAccounts } from './accounts/upstream-accounts.ts';
import type { UpstreamAnswer, UpstreamClient } from './upstream-client.ts';
import { saveUpstreamLogin, takeUpstreamLogin, type UpstreamLogin } from './upstream-logins-repository.ts';

export interface UpstreamSignInOptions {
  readonly client: UpstreamClient;
  /** As `cell_app`. */
  readonly database: Database;
  readonly tenantId: string;
  readonly now: () => Date;
  /** What is kept of people's accounts. Default: nothing. */
  readonly accounts?: UpstreamAccounts;
}

export interface StartOptions {
  readonly browserHash: Buffer;
  /** Path of ours to go to afterwards, such as `/account`. */
  readonly nextStep: string;
  readonly force?: true;
  readonly uiLocales: readonly string[];
  /** Logto's `first_screen`, such as `register`. */
  readonly firstScreen?: string;
  /** What the person typed; passed on, and kept nowhere. */
  readonly loginHint?: string;
}

const LOGIN_MS = 3_600_000;

/** Sends browsers to the upstream and takes them back. What a login needs to remember stays on the server. */
export class UpstreamSignIn {
  readonly client: UpstreamClient;
  readonly #options: UpstreamSignInOptions;

  constructor(options: UpstreamSignInOptions) {
    this.client = options.client;
    this.#options = options;
  }

  /** @throws UserrefError `upstream_unavailable` */
  async start(options: StartOptions): Promise<string> {
    const { browserHash, nextStep, force, uiLocales, firstScreen, loginHint } = options;
    const { database, tenantId, now } = this.#options;
    const [state, nonce, codeVerifier] = [newToken(), newToken(), newToken()];
    const url = await this.client.signInUrl({
      state,
      nonce,
      codeVerifier,
      uiLocales,
      ...(force && { force }),
      ...(firstScreen && { firstScreen }),
      ...(loginHint && { loginHint }),
    });
    await database.inTenant(tenantId, (tx) =>
      saveUpstreamLogin(tx, {
        tenantId,
        stateHash: tokenHash(state),
        browserHash,
        nonce,
        codeVerifier,
        forced: force === true,
        nextStep,
        expiresAt: new Date(now().getTime() + LOGIN_MS),
      }),
    );
    return url.href;
  }

  /**
   * Takes a callback, once, from the browser that started the login. `onTaken` hears where that login began, also when
   * it fails afterwards.
   * @throws UserrefError `interaction_not_found` for a replay, another browser, or a login that is over;
   *   `upstream_unavailable`
   */
  async finish(
    callback: URL,
    { browserHash, onTaken }: { browserHash: Buffer; onTaken?: (nextStep: string) => void },
  ): Promise<UpstreamAnswer & Pick<UpstreamLogin, 'nextStep' | 'forced'>> {
    const { database, tenantId, now } = this.#options;
    const state = callback.searchParams.get('state') ?? '';
    const key = { tenantId, stateHash: tokenHash(state), browserHash, now: now() };
    const login = await database.inTenant(tenantId, (tx) => takeUpstreamLogin(tx, key));
    if (!login) throw new UserrefError('interaction_not_found');
    const { nonce, codeVerifier, forced, nextStep } = login;
    onTaken?.(nextStep);
    const answer = await this.client.finish(callback, {
      state,
      nonce,
      codeVerifier,
      ...(forced && { force: true }),
    });
    const { accounts } = this.#options;
    const own = accounts && 'identity' in answer ? { identity: accounts.attach(answer.identity) } : answer;
    return { ...own, nextStep, forced };
  }

  /** Revokes what a session of ours brought along, before the session ends. @throws UserrefError `upstream_unavailable` */
  async revokeTokens(sessionHash: Buffer): Promise<void> {
    const token = await this.#options.accounts?.refreshTokenOf(sessionHash);
    if (token) await this.client.revokeToken(token);
  }
}
