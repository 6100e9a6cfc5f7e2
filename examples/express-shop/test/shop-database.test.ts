import { describe, expect, it } from 'vitest';
import { brands } from '../src/brands.ts';
import { createOrderBook } from '../src/order-book.ts';
import { openShopDatabase } from '../src/shop-database.ts';
import { readStoredRows } from '../src/stored-rows.ts';

const [first, second] = brands['kettle-and-leaf'].products;
if (!first || !second) throw new Error('the brand has at least two products');
const basket = {
  lines: [
    { product: first, quantity: 2, totalCents: 2900 },
    { product: second, quantity: 1, totalCents: 1290 },
  ],
  count: 3,
  totalCents: 4190,
};

function openBook() {
  const database = openShopDatabase(':memory:');
  return {
    database,
    book: createOrderBook(database, { prefix: 'KL', now: () => new Date(1_800_000_000_000) }),
  };
}

describe("the shop's own database", () => {
  it('has only these columns, none of which holds personal data', () => {
    const { database } = openBook();
    const columns = database
      .prepare(
        `select m.name || '.' || c.name as name from sqlite_schema m join pragma_table_info(m.name) c
         where m.type = 'table' order by 1`,
      )
      .all()
      .map((row) => row['name']);
    expect(columns).toEqual([
      'orders.created_at',
      'orders.id',
      'orders.items',
      'orders.total_cents',
      'orders.user_ref',
      'revoked_sessions.keep_until',
      'revoked_sessions.revoked_at',
      'revoked_sessions.sid',
      'revoked_users.keep_until',
      'revoked_users.revoked_at',
      'revoked_users.user_ref',
      'seen_webhooks.id',
      'seen_webhooks.keep_until',
    ]);
  });

  it('keeps an order and gives it back as it was', () => {
    const { book } = openBook();
    const placed = book.place({ userRef: 'ppid_a', basket });
    expect(placed).toMatchObject({ totalCents: 4190, createdAt: '2027-01-15T08:00:00Z' });
    expect(book.find({ id: placed.id, userRef: 'ppid_a' })).toEqual(placed);
    expect(book.list('ppid_a')).toEqual([placed]);
  });

  it("shows nobody another person's order", () => {
    const { book } = openBook();
    const { id } = book.place({ userRef: 'ppid_a', basket });
    expect(book.find({ id, userRef: 'ppid_b' })).toBeNull();
    expect(book.list('ppid_b')).toEqual([]);
  });

  it('shows people every row and column that carries their code, new tables included', () => {
    const { database, book } = openBook();
    const { id } = book.place({ userRef: 'ppid_a', basket });
    book.place({ userRef: 'ppid_b', basket });
    database.exec(
      "create table notes (user_ref text, remark text); insert into notes values ('ppid_a', 'likes tea')",
    );
    const items = '2 mountain-oolong at 1450, 1 jasmine-pearls at 1290';
    expect(readStoredRows(database, 'ppid_a')).toEqual([
      { name: 'notes', columns: ['user_ref', 'remark'], rows: [['ppid_a', 'likes tea']] },
      {
        name: 'orders',
        columns: ['id', 'user_ref', 'total_cents', 'items', 'created_at'],
        rows: [[id, 'ppid_a', '4190', items, '2027-01-15T08:00:00Z']],
      },
    ]);
  });
});
