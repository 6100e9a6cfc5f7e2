import type { BasketLine } from '@userref/example-express-shop/parts/basket.ts';
import { formatCents } from '@userref/example-express-shop/parts/money.ts';
import type { Metadata } from 'next';
import { Drawing } from '../../components/drawing.tsx';
import { readBasket } from '../../lib/basket-cookie.ts';

export const metadata: Metadata = { title: 'Your basket' };

export default async function BasketPage() {
  const { lines, count, totalCents } = await readBasket();
  if (count === 0) return <EmptyBasket />;
  return (
    <>
      <h1>Your basket</h1>
      <div className="columns">
        <div className="card">
          <ul className="basket">
            {lines.map((line) => (
              <Line line={line} key={line.product.sku} />
            ))}
          </ul>
          <p className="total">
            <span>Total</span> <span className="price">{formatCents(totalCents)}</span>
          </p>
        </div>
        <aside className="card">
          <h2>Next: where to?</h2>
          <p>
            At checkout we ask your vault for a <strong>delivery address</strong>, and, if you like, an{' '}
            <strong>e-mail address</strong> for a confirmation. You tick what you want to share. We look it up
            when we need it and keep no copy.
          </p>
          <p>
            <a className="button wide" href="/checkout">
              Check out
            </a>
          </p>
          <p className="note">
            <a href="/">Keep looking around</a>
          </p>
        </aside>
      </div>
    </>
  );
}

function EmptyBasket() {
  return (
    <>
      <h1>Your basket</h1>
      <div className="card empty">
        <p>Nothing in it yet.</p>
        <p>
          <a className="button" href="/">
            See what is on the shelf
          </a>
        </p>
      </div>
    </>
  );
}

function Line({ line: { product, quantity, totalCents } }: { line: BasketLine }) {
  return (
    <li>
      <Drawing name={product.sku} className="line-art" />
      <div className="basket-text">
        <strong>{product.name}</strong>
        <span className="note">{product.note}</span>
      </div>
      <div className="stepper">
        <Step sku={product.sku} change="remove" sign="−" label={`One ${product.name} less`} />
        <span className="quantity">{quantity}</span>
        <Step sku={product.sku} change="add" sign="+" label={`One ${product.name} more`} />
      </div>
      <span className="price">{formatCents(totalCents)}</span>
    </li>
  );
}

function Step({ sku, change, sign, label }: { sku: string; change: string; sign: string; label: string }) {
  return (
    <form method="post" action={`/basket/${sku}/${change}`}>
      <button type="submit">
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{label}</span>
      </button>
    </form>
  );
}
