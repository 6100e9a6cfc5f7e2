import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createUserref } from '@userref/sdk-core';
import type { CheckPassport } from './check-passport.ts';
import { optionsForApi } from './settings.ts';

/** What `save-issuer` wrote: all that is needed to check passports without a network. */
export interface SavedIssuer {
  readonly issuer: string;
  readonly site: string;
  /** The discovery document. */
  readonly discovery: unknown;
  /** The key set. Nothing else is trusted: a key that is not in it is refused. */
  readonly jwks: unknown;
  /** Signed status lists. */
  readonly lists: readonly string[];
}

export const SAVED_FILE = 'issuer.json';

export interface OfflineOptions {
  /** Folder with the saved issuer. */
  readonly folder: string;
  /** Oldest status list to accept, in seconds: how long a revocation may go unseen. Default: the list's own `ttl`. */
  readonly maxAgeSeconds?: number | undefined;
  /** Default: the system's. */
  readonly clock?: () => Date;
}

/** For CI and for places without a network. Opens no connection, whatever a passport names. */
export function checkOffline({ folder, maxAgeSeconds, clock }: OfflineOptions): CheckPassport {
  const saved = JSON.parse(readFileSync(join(folder, SAVED_FILE), 'utf8')) as SavedIssuer;
  const options = { ...optionsForApi(saved), ...(clock && { clock }), fetch: savedFetch(saved) };
  const userref = createUserref(options);
  const status = { lists: saved.lists, maxAgeSeconds };
  return (jwt) => userref.verifyPassport(jwt, { status });
}

/** Takes the place of the network: the two documents that were saved, and nothing else. */
function savedFetch({ discovery, jwks }: SavedIssuer): typeof fetch {
  return async (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return Response.json(pathname.includes('/.well-known/') ? discovery : jwks);
  };
}
