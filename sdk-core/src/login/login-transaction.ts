import { readCookies, writeCookie } from '../cookies/cookie.ts';
import type { CookieNames } from '../cookies/cookie-names.ts';
import type { Sealer } from '../crypto/sealer.ts';
import { equalInConstantTime } from '../encoding/constant-time.ts';
import type { AssuranceLevel } from '../generated/contract.ts';

/** What this browser must bring back from a login. Lives in a sealed cookie of its own, so tabs do not collide. */
export interface LoginTransaction {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: string;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly purpose?: string | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly assuranceLevel?: AssuranceLevel | undefined;
}

export interface LoginTransactions {
  /** `Set-Cookie` values: the new transaction, and the removal of those above the cap of 5. */
  begin(transaction: LoginTransaction, cookieHeader: string | null | undefined): Promise<string[]>;
  /** The transaction of this browser that `state` belongs to. */
  find(state: string, cookieHeader: string | null | undefined): Promise<LoginTransaction | null>;
  /** Whether this browser brings any transaction at all. */
  hasAny(cookieHeader: string | null | undefined): boolean;
  /** `Set-Cookie` value that removes the transaction. */
  end(state: string): string;
}

export const LOGIN_TTL_SECONDS = 3600;
/** Browsers keep it longer than it counts: a login that comes back late is known, and begun again. */
const COOKIE_SECONDS = 2 * LOGIN_TTL_SECONDS;
const MAX_TRANSACTIONS = 5;
const ID_LENGTH = 16;
const ID = /^[A-Za-z0-9_-]{16}$/;

export function createLoginTransactions(names: CookieNames, sealer: Sealer): LoginTransactions {
  const nameOf = (state: string) => `${names.loginPrefix}${state.slice(0, ID_LENGTH)}`;
  const removal = (name: string) => writeCookie(name, '', { secure: names.secure, maxAgeSeconds: 0 });
  const isOurs = (name: string) =>
    name.startsWith(names.loginPrefix) && ID.test(name.slice(names.loginPrefix.length));

  async function open(name: string, sealed: string): Promise<LoginTransaction | null> {
    const text = await sealer.open(sealed, name);
    return text === null ? null : JSON.parse(text);
  }

  async function surplus(cookieHeader: string | null | undefined): Promise<string[]> {
    const cookies = [...readCookies(cookieHeader)].filter(([name]) => isOurs(name));
    if (cookies.length < MAX_TRANSACTIONS) return [];
    const dated = await Promise.all(
      cookies.map(async ([name, sealed]) => ({
        name,
        startedAt: (await open(name, sealed))?.startedAt ?? 0,
      })),
    );
    dated.sort((left, right) => right.startedAt - left.startedAt);
    return dated.slice(MAX_TRANSACTIONS - 1).map(({ name }) => name);
  }

  return {
    async begin(transaction, cookieHeader) {
      const name = nameOf(transaction.state);
      const sealed = await sealer.seal(JSON.stringify(transaction), name);
      const removed = await surplus(cookieHeader);
      const attributes = { secure: names.secure, maxAgeSeconds: COOKIE_SECONDS };
      return [...removed.map(removal), writeCookie(name, sealed, attributes)];
    },
    async find(state, cookieHeader) {
      const name = nameOf(state);
      const sealed = readCookies(cookieHeader).get(name);
      const transaction = sealed ? await open(name, sealed) : null;
      return transaction !== null && equalInConstantTime(transaction.state, state) ? transaction : null;
    },
    hasAny: (cookieHeader) => [...readCookies(cookieHeader).keys()].some(isOurs),
    end: (state) => removal(nameOf(state)),
  };
}
