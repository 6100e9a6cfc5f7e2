import { createUserref, type Passport, type Userref } from '@userref/sdk-core';
import { type Issuer, optionsForApi } from './settings.ts';

/** Resolves to what a passport says, or rejects with a reason: `passport_expired`, `passport_revoked` and so on. */
export type CheckPassport = (passport: string) => Promise<Passport>;

export interface CheckOptions extends Issuer {
  /** How long a revocation may go unseen, in seconds. Default 60. */
  readonly listMaxAgeSeconds?: number;
}

/** Copy from here. Keys and status lists of the issuer are fetched when they are needed, and kept for a while. */
export function checkOnline({ listMaxAgeSeconds = 60, ...issuer }: CheckOptions): CheckPassport {
  const userref = createUserref(optionsForApi(issuer));
  const lists = createListCache(userref, listMaxAgeSeconds);
  return async (jwt) => {
    const { status } = await userref.verifyPassport(jwt);
    if (status === null) return userref.verifyPassport(jwt);
    return userref.verifyPassport(jwt, { status: { lists: await lists(status.uri) } });
  };
}

/** Status lists by address, each fetched anew once it is too old. Many who wait share one request. */
function createListCache(userref: Userref, maxAgeSeconds: number): (uri: string) => Promise<string> {
  const kept = new Map<string, { readonly list: Promise<string>; readonly until: number }>();
  return (uri) => {
    const known = kept.get(uri);
    if (known !== undefined && known.until > Date.now()) return known.list;
    const list = userref.fetchStatusList(uri);
    kept.set(uri, { list, until: Date.now() + maxAgeSeconds * 1000 });
    list.catch(() => kept.delete(uri));
    return list;
  };
}
