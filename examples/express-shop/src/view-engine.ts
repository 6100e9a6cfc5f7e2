import { join } from 'node:path';
import { Eta } from 'eta';
import type { Request, Response } from 'express';
import { readArt } from './art.ts';
import { readBasket } from './basket.ts';
import type { Brand } from './brands.ts';
import { formatCents } from './money.ts';
import { shortRef } from './short-ref.ts';

/** Renders one page of the shop inside its layout. `path` is where a sign-in on that page leads back to. */
export type RenderPage = (req: Request, res: Response, page: Page) => void;

export interface Page {
  /** Template in src/views, without its ending. */
  readonly view: string;
  readonly title: string;
  /** HTTP status, 200 unless told. */
  readonly status?: number;
  readonly data?: Record<string, unknown>;
}

export function createPages(brand: Brand): RenderPage {
  const eta = new Eta({ views: join(import.meta.dirname, 'views'), cache: true });
  const productName = (sku: string) => brand.products.find((product) => product.sku === sku)?.name ?? sku;
  const art = readArt(join(import.meta.dirname, 'art'));

  return (req, res, { view, title, status = 200, data }) => {
    const shared = {
      brand,
      title,
      art,
      formatCents,
      productName,
      shortRef,
      user: req.userref?.user ?? null,
      basket: readBasket(req, brand),
      path: req.method === 'GET' ? req.originalUrl : '/',
    };
    res
      .status(status)
      .type('html')
      .send(eta.render(`./${view}`, { ...shared, ...data }));
  };
}
