import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAtMs: number;
}

/** Keeps what the provider remembers for as long as the process lives. One store each provider. */
export function createMemoryAdapter(): AdapterFactory {
  const entries = new Map<string, Entry>();

  function alive(entry: Entry | undefined): AdapterPayload | undefined {
    return entry && entry.expiresAtMs > Date.now() ? entry.payload : undefined;
  }

  return (model): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    const isOurs = (key: string) => key.startsWith(`${model}:`);
    return {
      upsert: async (id, payload, expiresIn) => {
        const expiresAtMs = expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY;
        entries.set(keyOf(id), { payload, expiresAtMs });
      },
      find: async (id) => alive(entries.get(keyOf(id))),
      findByUid: async (uid) =>
        alive([...entries].find(([key, { payload }]) => isOurs(key) && payload.uid === uid)?.[1]),
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const entry = entries.get(keyOf(id));
        if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        entries.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of entries) {
          if (isOurs(key) && payload.grantId === grantId) entries.delete(key);
        }
      },
    };
  };
}
