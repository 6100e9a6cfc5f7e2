import { formatCents } from '@userref/example-express-shop/parts/money.ts';
import type { Metadata } from 'next';
import { Stored } from '../../components/stored.tsx';
import { productName } from '../../lib/brand.ts';
import { orderBook } from '../../lib/shop-data.ts';
import { requireUser } from '../../userref.ts';

export const metadata: Metadata = { title: 'Your orders' };

export default async function OrdersPage() {
  const { userRef } = await requireUser({ returnTo: '/orders' });
  const orders = orderBook().list(userRef);
  return (
    <>
      <h1>Your orders</h1>
      {orders.length === 0 ? (
        <div className="card empty">
          <p>No orders yet.</p>
          <p>
            <a className="button" href="/">
              See what is on the shelf
            </a>
          </p>
        </div>
      ) : (
        <ul className="card order-list">
          {orders.map(({ id, createdAt, items, totalCents }) => (
            <li key={id}>
              <a href={`/orders/${encodeURIComponent(id)}`}>
                <strong>{id}</strong>
                <span className="note">
                  <time dateTime={createdAt}>{createdAt.slice(0, 10)}</time> ·{' '}
                  {items.map(({ sku }) => productName(sku)).join(', ')}
                </span>
                <span className="price">{formatCents(totalCents)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <Stored userRef={userRef} />
    </>
  );
}
