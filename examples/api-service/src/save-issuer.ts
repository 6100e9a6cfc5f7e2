import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createUserref } from '@userref/sdk-core';
import { SAVED_FILE, type SavedIssuer } from './check-offline.ts';
import { fromEnvironment, type Issuer, optionsForApi } from './settings.ts';

/**
 * Saves what checking needs: discovery document, keys, and the status list that `passport` names, once the passport
 * has been verified. Run it while there is a network; how old the list may get is decided where it is used.
 */
export async function saveIssuer(
  issuer: Issuer,
  { folder, passport }: { folder: string; passport: string },
): Promise<void> {
  const documents = new Map<string, unknown>();
  const userref = createUserref({
    ...optionsForApi(issuer),
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      documents.set(
        String(input),
        await response
          .clone()
          .json()
          .catch(() => null),
      );
      return response;
    },
  });
  const { status } = await userref.verifyPassport(passport);
  const lists = status === null ? [] : [await userref.fetchStatusList(status.uri)];
  const [discovery, jwks] = [...documents.values()];
  mkdirSync(folder, { recursive: true });
  const saved: SavedIssuer = { ...issuer, discovery, jwks, lists };
  writeFileSync(join(folder, SAVED_FILE), JSON.stringify(saved));
}

if (import.meta.main) {
  const { USERREF_ISSUER: issuer, USERREF_SITE: site } = fromEnvironment('USERREF_ISSUER', 'USERREF_SITE');
  const passport = (await text(process.stdin)).trim();
  await saveIssuer({ issuer, site }, { folder: process.argv[2] ?? 'issuer', passport });
}
