import type { Request, Response } from 'express';
import type { Brand, Product } from './brands.ts';

/** The basket lives in a cookie of this browser (`sku.quantity~sku.quantity`), so it needs no account and no row. */
export interface BasketLine {
  readonly product: Product;
  readonly quantity: number;
  readonly totalCents: number;
}

export interface Basket {
  readonly lines: readonly BasketLine[];
  readonly count: number;
  readonly totalCents: number;
}

const maxQuantity = 9;

export function readBasket(req: Request, brand: Brand): Basket {
  return basketIn(req.headers.cookie, brand);
}

/** The basket of a request, by its `Cookie` header. */
export function basketIn(cookieHeader: string | undefined, brand: Brand): Basket {
  const quantities = parseQuantities(readCookie(cookieHeader, basketCookie(brand)));
  const lines = brand.products.flatMap((product) => {
    const quantity = quantities.get(product.sku) ?? 0;
    return quantity > 0 ? [{ product, quantity, totalCents: quantity * product.priceCents }] : [];
  });
  return {
    lines,
    count: lines.reduce((sum, line) => sum + line.quantity, 0),
    totalCents: lines.reduce((sum, line) => sum + line.totalCents, 0),
  };
}

/** Adds `change` (may be negative) pieces of one product. Unknown products change nothing. */
export function changeBasket(
  req: Request,
  res: Response,
  { brand, ...change }: { brand: Brand; sku: string; change: number },
): void {
  writeBasket(res, brand, changedBasket(readBasket(req, brand), brand, change));
}

/** The cookie's value after a change. */
export function changedBasket(
  { lines }: Basket,
  brand: Brand,
  { sku, change }: { sku: string; change: number },
): string {
  const quantities = new Map(lines.map((line) => [line.product.sku, line.quantity]));
  if (brand.products.some((product) => product.sku === sku)) {
    quantities.set(sku, Math.min(maxQuantity, Math.max(0, (quantities.get(sku) ?? 0) + change)));
  }
  const kept = [...quantities].filter(([, quantity]) => quantity > 0);
  return kept.map((entry) => entry.join('.')).join('~');
}

export function emptyBasket(res: Response, brand: Brand): void {
  writeBasket(res, brand, '');
}

function writeBasket(res: Response, brand: Brand, value: string): void {
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax' } as const;
  if (value) res.cookie(basketCookie(brand), value, attributes);
  else res.clearCookie(basketCookie(brand), attributes);
}

// Browsers do not part cookies by port, so the name carries the brand.
export function basketCookie(brand: Brand): string {
  return `basket_${brand.id}`;
}

function parseQuantities(value: string): Map<string, number> {
  const pairs = value.split('~').map((part) => part.split('.'));
  return new Map(
    pairs.flatMap(([sku, quantity]) =>
      sku && /^[1-9]$/.test(quantity ?? '') ? [[sku, Number(quantity)]] : [],
    ),
  );
}

function readCookie(header: string | undefined, name: string): string {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? '';
}
