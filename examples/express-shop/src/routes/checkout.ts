import { Router } from 'express';
import { emptyBasket, readBasket } from '../basket.ts';
import type { Brand } from '../brands.ts';
import { askForDelivery, delivery, requireUser } from '../login.ts';
import type { OrderBook } from '../order-book.ts';
import { addressLines } from '../shared-attribute.ts';
import type { RenderPage } from '../view-engine.ts';

/** From basket to order. The address is shown, and not written down. */
export function checkoutRoutes({
  brand,
  orders,
  render,
}: {
  brand: Brand;
  orders: OrderBook;
  render: RenderPage;
}): Router {
  const router = Router();

  router.get('/checkout', requireUser(), askForDelivery, async (req, res) => {
    if (readBasket(req, brand).count === 0) return res.redirect(303, '/basket');
    const shared = await req.userref.fetchAttributes(['address:shipping'], delivery);
    const address = addressLines(shared.get('address:shipping'));
    render(req, res, { view: 'checkout', title: 'Check out', data: { address } });
  });

  // After a "no" the guard does not ask again by itself; this link does, because the visitor wants it to.
  router.get('/checkout/share', requireUser(), (_req, res) =>
    res.userref.requestConsent(['address:shipping'], { ...delivery, returnTo: '/checkout' }),
  );

  router.post('/orders', (req, res) => {
    const { user } = req.userref;
    const basket = readBasket(req, brand);
    if (!user || basket.count === 0) return res.redirect(303, '/basket');
    const order = orders.place({ userRef: user.userRef, basket });
    emptyBasket(res, brand);
    res.redirect(303, `/orders/${order.id}`);
  });
  return router;
}
