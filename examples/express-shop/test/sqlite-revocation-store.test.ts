import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { SessionStore } from '@userref/sdk-express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShopDatabase } from '../src/shop-database.ts';
import { sqliteRevocationStore } from '../src/sqlite-revocation-store.ts';

const later = 10_000;
const session = { sid: 'sid-1', userRef: 'ppid_a', issuedAt: 100 };

let folder: string;
let database: DatabaseSync;
let store: SessionStore;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-store-'));
  now = 1000;
  open();
});
afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

function open(): void {
  database = openShopDatabase(join(folder, 'shop.sqlite'));
  store = sqliteRevocationStore(database, { clock: () => new Date(now * 1000) });
}

function reopen(): void {
  database.close();
  open();
}

describe('the revocation store over SQLite', () => {
  it('revokes nothing by itself', async () => {
    expect(await store.isRevoked(session)).toBe(false);
  });

  it('ends one session and leaves the others of the same person', async () => {
    await store.revokeSession('sid-1', later);
    expect(await store.isRevoked(session)).toBe(true);
    expect(await store.isRevoked({ ...session, sid: 'sid-2' })).toBe(false);
  });

  it('ends sessions that began at or before the revocation, of that person only', async () => {
    await store.revokeUser('ppid_a', 100, later);
    expect(await store.isRevoked({ ...session, issuedAt: 99 })).toBe(true);
    expect(await store.isRevoked({ ...session, issuedAt: 100 })).toBe(true);
    expect(await store.isRevoked({ ...session, issuedAt: 101 })).toBe(false);
    expect(await store.isRevoked({ ...session, userRef: 'ppid_b' })).toBe(false);
  });

  it('is not weakened by an older revocation that arrives late', async () => {
    await store.revokeUser('ppid_a', 200, later);
    await store.revokeUser('ppid_a', 50, later - 1);
    expect(await store.isRevoked({ ...session, issuedAt: 200 })).toBe(true);
    now = later - 1;
    await store.revokeSession('other', later);
    expect(await store.isRevoked({ ...session, issuedAt: 200 })).toBe(true);
  });

  it('takes a repeated call without harm', async () => {
    await store.revokeSession('sid-1', later);
    await store.revokeSession('sid-1', later);
    await store.revokeUser('ppid_a', 100, later);
    await store.revokeUser('ppid_a', 100, later);
    expect(await store.isRevoked(session)).toBe(true);
  });

  it('remembers a webhook for its first caller, even with two connections', async () => {
    const second = openShopDatabase(join(folder, 'shop.sqlite'));
    const answers = await Promise.all(
      [store, sqliteRevocationStore(second)].map((one) => one.rememberWebhook('evt_1', 9_999_999_999)),
    );
    second.close();
    expect(answers.toSorted()).toEqual([false, true]);
  });

  it('knows everything again after a restart', async () => {
    await store.revokeSession('sid-1', later);
    await store.revokeUser('ppid_b', 100, later);
    await store.rememberWebhook('evt_1', later);
    reopen();
    expect(await store.isRevoked(session)).toBe(true);
    expect(await store.isRevoked({ sid: 'x', userRef: 'ppid_b', issuedAt: 100 })).toBe(true);
    expect(await store.rememberWebhook('evt_1', later)).toBe(false);
  });

  it('forgets what cannot matter any more, and nothing sooner', async () => {
    await store.revokeSession('sid-1', 2000);
    now = 2000;
    await store.rememberWebhook('evt_1', later);
    expect(await store.isRevoked(session)).toBe(true);
    now = 2001;
    await store.rememberWebhook('evt_2', later);
    expect(database.prepare('select count(*) as n from revoked_sessions').get()).toEqual({ n: 0 });
  });

  it('throws when its database is gone, and never answers "not revoked"', async () => {
    const gone = openShopDatabase(':memory:');
    const orphan = sqliteRevocationStore(gone);
    gone.close();
    await expect(orphan.isRevoked(session)).rejects.toThrow();
  });
});
