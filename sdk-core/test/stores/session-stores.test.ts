import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySessionStore, type SessionStore } from '../../src/index.ts';
import { createSessionStoreTables, sqlSessionStore } from '../../stores/sql.ts';
import { sessionStoreContract } from '../../testing/index.ts';
import { type OpenedStore, openStore } from '../support/open-store.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { startRedisServer } from '../support/redis-server.ts';

const redis = await startRedisServer();
const postgres = await startPostgresServer();
const opened: OpenedStore[] = [];

afterAll(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await redis?.stop();
  await postgres.stop();
});

async function open(url: string): Promise<SessionStore> {
  const store = await openStore(url);
  opened.push(store);
  return store.store;
}

describe('the store in memory', () => {
  const store = memorySessionStore();
  it.each(sessionStoreContract)('$name', ({ check }) => check({ open: () => store }));
});

describe.skipIf(redis === undefined)('the store on a Redis server', () => {
  const url = redis?.url ?? '';
  it.each(sessionStoreContract)('$name', ({ check }) => check({ open: () => open(url) }));

  it('gives every key an end', async () => {
    const { createClient } = await import('redis');
    const client = createClient({ url });
    await client.connect();
    const store = await open(url);
    const until = Math.floor(Date.now() / 1000) + 3600;
    await store.revokeSession('sid', until);
    await store.revokeUser('user', until - 3600, until);
    await store.revokeUser('user', until - 3600, until - 60);
    await store.rememberWebhook('evt', until);
    const names = ['s:sid', 'u:user', 'w:evt'].map((name) => `userref:${name}`);
    const left = await Promise.all(names.map((name) => client.ttl(name)));
    for (const seconds of left) expect(seconds).toBeGreaterThan(3590);
    client.destroy();
  });

  it('throws while the server is away, and never says that a session goes on', async () => {
    const own = await startRedisServer();
    if (own === undefined) throw new Error('the server was there a moment ago');
    const store = await open(own.url);
    await own.stop();
    const session = { sid: 'sid', userRef: 'user', issuedAt: 1 };
    await expect(store.isRevoked(session)).rejects.toThrow();
    await expect(store.revokeSession('sid', 2)).rejects.toThrow();
  });
});

describe('the store in PostgreSQL', () => {
  it.each(sessionStoreContract)('$name', ({ check }) => check({ open: () => open(postgres.url) }));

  it('passes other errors on than "there already"', async () => {
    const store = await openStore(postgres.url);
    await store.store.rememberWebhook('evt', 1);
    await store.close();
    await expect(store.store.rememberWebhook('evt', 1)).rejects.toThrow();
    await expect(store.store.isRevoked({ sid: 'sid', userRef: 'user', issuedAt: 1 })).rejects.toThrow();
  });
});

describe('the store in SQLite', () => {
  const file = new DatabaseSync(':memory:');
  const database = new Kysely<never>({
    dialect: new SqliteDialect({
      database: {
        close: () => file.close(),
        prepare(sql: string) {
          const statement = file.prepare(sql);
          return {
            reader: /^(?:select|pragma)/i.test(sql),
            all: (values: readonly unknown[]) => statement.all(...(values as never[])),
            run: (values: readonly unknown[]) => statement.run(...(values as never[])),
            iterate: (values: readonly unknown[]) => statement.iterate(...(values as never[])),
          };
        },
      },
    }),
  });
  const ready = createSessionStoreTables(database);
  const clock = { seconds: Math.floor(Date.now() / 1000) };
  const store = sqlSessionStore({ database, clock: () => new Date(clock.seconds * 1000) });

  it.each(sessionStoreContract)('$name', async ({ check }) => {
    await ready;
    return check({ open: () => store });
  });

  it('forgets what can concern no session any more', async () => {
    const rows = () => file.prepare('select count(*) as found from userref_ended_sessions').get();
    const before = Number(rows()?.['found']);
    expect(before).toBeGreaterThan(10);
    clock.seconds += 3 * 3600;
    await store.revokeSession('late', clock.seconds + 60);
    expect(Number(rows()?.['found'])).toBe(1);
    expect(await store.isRevoked({ sid: 'late', userRef: 'user', issuedAt: 1 })).toBe(true);
  });
});

describe('the cursor of events', () => {
  it.each([
    ['Redis', redis?.url],
    ['PostgreSQL', postgres.url],
  ])('is kept in %s, for whoever opens it next', async (_, url) => {
    if (url === undefined) return;
    const [told, asked] = await Promise.all([openStore(url), openStore(url)]);
    expect(await asked.cursor.load()).toBeNull();
    for (const next of ['7', '100000000000000000']) {
      await told.cursor.save(next);
      expect(await asked.cursor.load()).toBe(next);
    }
    await Promise.all([told.close(), asked.close()]);
  });
});

describe('the contract of stores', () => {
  it.each([
    ['forgets sessions', { revokeSession: async () => undefined }],
    ['lets a late order weaken an earlier one', lastOrderWins()],
    ['is asked and then told about webhooks', racingWebhooks()],
    ['takes everybody for ended', { isRevoked: async () => true }],
  ])('notices a store that %s', async (_, broken) => {
    const store = { ...memorySessionStore(), ...broken };
    const faults = await Promise.allSettled(
      sessionStoreContract.map(({ check }) => check({ open: () => store })),
    );
    expect(faults.some(({ status }) => status === 'rejected')).toBe(true);
  });
});

function lastOrderWins(): Partial<SessionStore> {
  const users = new Map<string, number>();
  return {
    revokeUser: async (userRef, revokedAt) => void users.set(userRef, revokedAt),
    isRevoked: async ({ userRef, issuedAt }) => issuedAt <= (users.get(userRef) ?? -1),
  };
}

function racingWebhooks(): Partial<SessionStore> {
  const known = new Set<string>();
  return {
    async rememberWebhook(id) {
      const isFirst = !known.has(id);
      await new Promise((done) => setTimeout(done, 1));
      known.add(id);
      return isFirst;
    },
  };
}
