import { formatCents } from '@userref/example-express-shop/parts/money.ts';
import { Drawing } from '../components/drawing.tsx';
import { Greeting } from '../components/greeting.tsx';
import { brand } from '../lib/brand.ts';

/** Static: the same page for everybody, made at build time. */
export default function Home() {
  return (
    <>
      <section className="hero">
        <div>
          <p className="kicker">{brand.tagline}</p>
          <h1>{brand.headline}</h1>
          <p className="lead">{brand.welcome}</p>
          <Greeting />
        </div>
        <Drawing name={`${brand.id}-hero`} className="hero-art" />
      </section>
      <section aria-labelledby="shelf">
        <h2 id="shelf">On the shelf</h2>
        <ul className="shelf">
          {brand.products.map(({ sku, name, note, priceCents }) => (
            <li className="product" key={sku}>
              <Drawing name={sku} className="product-art" />
              <h3>{name}</h3>
              <p className="note">{note}</p>
              <div className="product-foot">
                <span className="price">{formatCents(priceCents)}</span>
                <form method="post" action={`/basket/${sku}/add`}>
                  <button className="button small" type="submit">
                    Add<span className="visually-hidden"> {name} to the basket</span>
                  </button>
                </form>
              </div>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
