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
  readonly name: string;
  readonly quantity: number;
  readonly totalCents: number;
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
  const selectAll = database.prepare('select * from orders where user_ref = ? order by created_at desc, id');

  return {
    place({ userRef, basket }) {
      const order: Order = {
        id: newOrderId(prefix),
        userRef,
        totalCents: basket.totalCents,
        items: basket.lines.map(({ product, quantity, totalCents }) => ({
          sku: product.sku,
          name: product.name,
          quantity,
          totalCents,
        })),
        createdAt: now().toISOString(),
      };
      insert.run(order.id, userRef, order.totalCents, JSON.stringify(order.items), order.createdAt);
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
    items: JSON.parse(String(row['items'])) as OrderItem[],
    createdAt: String(row['created_at']),
  };
}

// No 0/O or 1/I, so that an order number can be read out on the phone.
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function newOrderId(prefix: string): string {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]);
  return `${prefix}-${code.join('')}`;
}
