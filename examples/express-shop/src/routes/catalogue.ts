import { Router } from 'express';
import { changeBasket } from '../basket.ts';
import type { Brand } from '../brands.ts';
import type { RenderPage } from '../view-engine.ts';

/** Home and basket: open to everybody, signed in or not. */
export function catalogueRoutes({ brand, render }: { brand: Brand; render: RenderPage }): Router {
  const router = Router();

  router.get('/', (req, res) => render(req, res, { view: 'home', title: brand.tagline }));
  router.get('/basket', (req, res) => render(req, res, { view: 'basket', title: 'Your basket' }));

  router.post('/basket/:sku/:change', (req, res) => {
    const change = req.params.change === 'remove' ? -1 : 1;
    changeBasket(req, res, { brand, sku: req.params.sku, change });
    res.redirect(303, '/basket');
  });
  return router;
}
