import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Basket } from './basket.ts';

export interface Order {
  readonly id: string;
  readonly userRef: string;
  readonly totalCents: number;
  readonly items: readonly OrderItem[];
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
  /** As it was when the order was placed. */
  readonly priceCents: number;
}

export interface OrderBook {
  place(order: { userRef: string; basket: Basket }): Order;
  /** `null` for an order that does not exist and for somebody else's: the two look the same. */
  find(query: { id: string; userRef: string }): Order | null;
  /** Newest first. */
  list(userRef: string): Order[];
}

/** Orders in SQLite. `prefix` starts each order number. */
export function createOrderBook(
  database: DatabaseSync,
  { prefix, now = () => new Date() }: { prefix: string; now?: () => Date },
): OrderBook {
  const insert = database.prepare(
    'insert into orders (id, user_ref, total_cents, items, created_at) values (?, ?, ?, ?, ?)',
  );
  const selectOne = database.prepare('select * from orders where id = ? and user_ref = ?');
  const selectAll = database.prepare(
    'select * from orders where user_ref = ? order by created_at desc, rowid desc',
  );

  return {
    place({ userRef, basket }) {
      const order: Order = {
        id: newOrderId(prefix),
        userRef,
        totalCents: basket.totalCents,
        items: basket.lines.map(({ product: { sku, priceCents }, quantity }) => ({
          sku,
          quantity,
          priceCents,
        })),
        createdAt: now()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
      };
      insert.run(order.id, userRef, order.totalCents, writeItems(order.items), order.createdAt);
      return order;
    },
    find({ id, userRef }) {
      const row = selectOne.get(id, userRef);
      return row ? toOrder(row) : null;
    },
    list(userRef) {
      return selectAll.all(userRef).map(toOrder);
    },
  };
}

function toOrder(row: Record<string, unknown>): Order {
  return {
    id: String(row['id']),
    userRef: String(row['user_ref']),
    totalCents: Number(row['total_cents']),
    items: readItems(String(row['items'])),
    createdAt: String(row['created_at']),
  };
}

// `2 mountain-oolong at 1450, 1 river-clay-pot at 4600`: plain enough to show people as it stands.
function writeItems(items: readonly OrderItem[]): string {
  return items.map(({ sku, quantity, priceCents }) => `${quantity} ${sku} at ${priceCents}`).join(', ');
}

function readItems(text: string): OrderItem[] {
  return [...text.matchAll(/(\d+) ([a-z-]+) at (\d+)/g)].map(([, quantity, sku, priceCents]) => ({
    sku: sku ?? '',
    quantity: Number(quantity),
    priceCents: Number(priceCents),
  }));
}

// No 0/O or 1/I, so that an order number can be read out on the phone.
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function newOrderId(prefix: string): string {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]);
  return `${prefix}-${code.join('')}`;
}
