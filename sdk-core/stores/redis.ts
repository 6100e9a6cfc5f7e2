/**
 * A `SessionStore` on a server that speaks the Redis protocol (Redis, Valkey), by the package `redis`.
 *
 * @module @userref/sdk-core/stores/redis
 */
import type { SessionStore } from '../src/session/session-store.ts';
import type { EventCursor } from '../src/webhooks/poll-events.ts';

/** A connected client of the package `redis` fits, and so does anything else that sends commands. */
export interface RedisClient {
  sendCommand(words: string[]): Promise<unknown>;
}

/** Where in Redis the store keeps what has ended. */
export interface RedisSessionStoreOptions {
  readonly client: RedisClient;
  /** In front of every key. Default `userref:`. */
  readonly prefix?: string;
}

/** The later `revokedAt` and the later end stay, whatever order they arrive in; in one step for all processes. */
const REVOKE = `
local revoked = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0'))
local ends = math.max(tonumber(ARGV[2]), tonumber(ARGV[3]) + redis.call('TTL', KEYS[1]))
redis.call('SET', KEYS[1], string.format('%.0f', revoked))
redis.call('EXPIREAT', KEYS[1], string.format('%.0f', ends))
return 1`;

/**
 * Three small kinds of keys, each with an end, so nothing is left to clean up. Set `maxmemory-policy noeviction`:
 * a server that drops keys of its own accord brings ended sessions back to life. Errors of the client are passed
 * on, so that a server that is away means no session; give the client `disableOfflineQueue: true`, or requests
 * wait for the server instead.
 */
export function redisSessionStore({ client, prefix = 'userref:' }: RedisSessionStoreOptions): SessionStore {
  const keyOf = (kind: 's' | 'u' | 'w', name: string) => `${prefix}${kind}:${name}`;
  const send = (...words: string[]) => client.sendCommand(words);
  const revoke = async (key: string, revokedAt: number, until: number) => {
    const now = Math.floor(Date.now() / 1000);
    await send('EVAL', REVOKE, '1', key, String(revokedAt), String(until), String(now));
  };
  return {
    revokeSession: (sid, until, issuedUntil = until) => revoke(keyOf('s', sid), issuedUntil, until),
    revokeUser: (userRef, revokedAt, until) => revoke(keyOf('u', userRef), revokedAt, until),
    async isRevoked({ sid, userRef, issuedAt }) {
      const found = await Promise.all([send('GET', keyOf('s', sid)), send('GET', keyOf('u', userRef))]);
      return found.some((revokedAt) => revokedAt !== null && issuedAt <= Number(revokedAt));
    },
    async rememberWebhook(id, until) {
      return (await send('SET', keyOf('w', id), '1', 'NX', 'EXAT', String(until))) !== null;
    },
  };
}

/** The cursor of `pollEvents`, in one key without an end. */
export function redisEventCursor({ client, prefix = 'userref:' }: RedisSessionStoreOptions): EventCursor {
  const key = `${prefix}cursor`;
  return {
    async load() {
      const saved = await client.sendCommand(['GET', key]);
      return saved === null ? null : String(saved);
    },
    async save(next) {
      await client.sendCommand(['SET', key, next]);
    },
  };
}
