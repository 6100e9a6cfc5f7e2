import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

const UNDER_A_GRANT = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

/** The fastest storage there is: one Map, with the look-ups that the engine needs as Maps beside it. */
export function createMapAdapter(): (kind: string) => Adapter {
  const entries = new Map<string, Entry>();
  const sessionsByUid = new Map<string, string>();
  const keysByGrant = new Map<string, Set<string>>();

  const alive = (key: string | undefined): AdapterPayload | undefined => {
    const entry = key === undefined ? undefined : entries.get(key);
    return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
  };

  return (kind) => ({
    async upsert(id, payload, expiresInSeconds) {
      const key = `${kind}:${id}`;
      entries.set(key, { payload, expiresAtMs: Date.now() + (expiresInSeconds ?? Infinity) * 1000 });
      if (kind === 'Session' && payload.uid) sessionsByUid.set(payload.uid, key);
      if (!payload.grantId || !UNDER_A_GRANT.has(kind)) return;
      const keys = keysByGrant.get(payload.grantId) ?? new Set();
      keysByGrant.set(payload.grantId, keys.add(key));
    },
    find: async (id) => alive(`${kind}:${id}`),
    findByUid: async (uid) => alive(sessionsByUid.get(uid)),
    findByUserCode: async () => undefined,
    async consume(id) {
      const entry = entries.get(`${kind}:${id}`);
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${kind}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const key of keysByGrant.get(grantId) ?? []) entries.delete(key);
      keysByGrant.delete(grantId);
    },
  });
}
