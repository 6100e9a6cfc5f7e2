import '@userref/example-express-shop/parts/static/brands.css';
import '@userref/example-express-shop/parts/static/shop.css';
import '@userref/example-express-shop/parts/static/art.css';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { BasketLink } from '../components/basket-link.tsx';
import { Drawing } from '../components/drawing.tsx';
import { SessionBar } from '../components/session-bar.tsx';
import { SignInOrOrders } from '../components/sign-in-or-orders.tsx';
import { brand } from '../lib/brand.ts';

export const metadata: Metadata = {
  title: { default: `${brand.tagline} · ${brand.name}`, template: `%s · ${brand.name}` },
  icons: '/icon.svg',
};
export const viewport: Viewport = { colorScheme: 'light dark' };

/** Knows nobody, so that pages can be static; who is signed in is shown by client components. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-brand={brand.id}>
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <header className="top">
          <div className="top-row">
            <a className="brand" href="/">
              <Drawing name={brand.id} className="mark" />
              {brand.name}
            </a>
            <nav aria-label="Shop">
              <BasketLink />
              <SignInOrOrders />
            </nav>
          </div>
          <SessionBar />
        </header>
        <main id="main">{children}</main>
        <footer>
          <p className="colophon">
            {brand.name} is an example shop. It recognises people by a code that only this shop can use, and
            asks for anything else when it is needed.
          </p>
        </footer>
      </body>
    </html>
  );
}
