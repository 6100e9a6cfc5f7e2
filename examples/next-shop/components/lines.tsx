import { formatCents } from '@userref/example-express-shop/parts/money.ts';
import type { OrderItem } from '@userref/example-express-shop/parts/order-book.ts';
import { productName } from '../lib/brand.ts';
import { Drawing } from './drawing.tsx';

/** What is, or will be, ordered. */
export function Lines({ items, totalCents }: { items: readonly OrderItem[]; totalCents: number }) {
  return (
    <table className="lines">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Product</th>
          <th scope="col">Price</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ sku, quantity, priceCents }) => (
          <tr key={sku}>
            <th scope="row">
              <Drawing name={sku} className="line-art" />
              <span>
                {productName(sku)}
                <span className="note">{quantity} ×</span>
              </span>
            </th>
            <td>{formatCents(quantity * priceCents)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td>{formatCents(totalCents)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
