import { createUserref } from '@userref/sdk-core';
import { redisEventCursor, redisSessionStore } from '@userref/sdk-core/stores/redis';
import { sqlEventCursor, sqlSessionStore } from '@userref/sdk-core/stores/sql';
import { FakeCore } from '@userref/sdk-core/testing';
import { Kysely, type PostgresDialect } from 'kysely';
import { createClient } from 'redis';

const client = createClient();
const database = new Kysely<{ orders: { id: string } }>({ dialect: {} as PostgresDialect });

export const stores = [redisSessionStore({ client }), sqlSessionStore({ database })];
export const cursors = [redisEventCursor({ client }), sqlEventCursor({ database })];
export const site = createUserref({
  ...new FakeCore().options,
  baseUrl: 'https://shop.example',
  sessionSecret: 'x'.repeat(32),
  revocations: redisSessionStore({ client }),
});
