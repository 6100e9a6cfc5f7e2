import { DatabaseSync } from 'node:sqlite';

/**
 * The whole database of this shop. No column can hold a name, an e-mail address or a street: a person is a
 * `user_ref`, which means nothing to anybody else.
 */
const schema = `
  create table if not exists orders (
    id text primary key,
    user_ref text not null,
    total_cents integer not null,
    items text not null,
    created_at text not null
  ) strict;
  create index if not exists orders_by_user on orders (user_ref, created_at);

  create table if not exists revoked_sessions (
    sid text primary key,
    revoked_at integer not null,
    keep_until integer not null
  ) strict;
  create table if not exists revoked_users (
    user_ref text primary key,
    revoked_at integer not null,
    keep_until integer not null
  ) strict;
  create table if not exists seen_webhooks (
    id text primary key,
    keep_until integer not null
  ) strict;
`;

/** Opens the shop's SQLite file (or `:memory:`) and creates what is missing. */
export function openShopDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('pragma busy_timeout = 5000');
  database.exec(schema);
  return database;
}
