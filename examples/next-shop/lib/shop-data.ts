import type { DatabaseSync } from 'node:sqlite';
import { createOrderBook, type OrderBook } from '@userref/example-express-shop/parts/order-book.ts';
import { openShopDatabase } from '@userref/example-express-shop/parts/shop-database.ts';
import { sqliteRevocationStore } from '@userref/example-express-shop/parts/sqlite-revocation-store.ts';
import { readStoredRows, type StoredTable } from '@userref/example-express-shop/parts/stored-rows.ts';
import type { SessionStore } from '@userref/sdk-next';
import { brand } from './brand.ts';

let database: DatabaseSync | undefined;

/** Opened at the first request, not at build time. Pages, routes and the proxy each open the file for themselves. */
function open(): DatabaseSync {
  database ??= openShopDatabase(process.env.SHOP_DATABASE_FILE ?? 'shop.sqlite');
  return database;
}

export function orderBook(): OrderBook {
  return createOrderBook(open(), { prefix: brand.orderPrefix });
}

/** Everything that the shop holds about one person. */
export function storedRows(userRef: string): StoredTable[] {
  return readStoredRows(open(), userRef);
}

/** In the database, where every part of the app and every process of this machine finds it. */
export function shopRevocations(): SessionStore {
  return sqliteRevocationStore(open());
}
