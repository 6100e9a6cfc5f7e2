import type { DatabaseSync } from 'node:sqlite';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { delivery } from '../login.ts';
import type { Order, OrderBook } from '../order-book.ts';
import { addressLines, fetchShared } from '../shared-attribute.ts';
import { readStoredRows } from '../stored-rows.ts';
import type { RenderPage } from '../view-engine.ts';

export interface OrderRoutesOptions {
  readonly database: DatabaseSync;
  readonly orders: OrderBook;
  readonly render: RenderPage;
}

/** Orders of the person who is signed in, and everything that the shop holds about them. */
export function orderRoutes({ database, orders, render }: OrderRoutesOptions): Router {
  const router = Router();
  const askToSignIn: RequestHandler = (req, res, next) => {
    if (req.userref.user) return next();
    render(req, res, { view: 'sign-in-first', title: 'Sign in', status: 401 });
  };

  router.get('/orders', askToSignIn, (req, res) => {
    const userRef = signedInAs(req);
    const data = { orders: orders.list(userRef), stored: readStoredRows(database, userRef) };
    render(req, res, { view: 'orders', title: 'Your orders', data });
  });

  router.get('/orders/:id', askToSignIn, async (req: Request<{ id: string }>, res) => {
    const userRef = signedInAs(req);
    const order = orders.find({ id: req.params.id, userRef });
    if (!order) return render(req, res, notFound);
    const data = { ...(await describe(req, order)), stored: readStoredRows(database, userRef) };
    render(req, res, { view: 'order', title: `Order ${order.id}`, data });
  });

  router.get('/orders/:id/share', askToSignIn, (req: Request<{ id: string }>, res: Response) => {
    const returnTo = `/orders/${encodeURIComponent(req.params.id)}`;
    return res.userref.requestConsent(['address:shipping'], { ...delivery, returnTo });
  });
  return router;
}

const notFound = {
  view: 'notice',
  title: 'No such order',
  status: 404,
  data: {
    message: 'There is no order with this number among yours.',
    action: { href: '/orders', label: 'Your orders' },
  },
};

async function describe(req: Request, order: Order) {
  const [address, email] = await Promise.all([
    fetchShared(req, 'address:shipping', delivery.purpose),
    fetchShared(req, 'contact:email', delivery.purpose),
  ]);
  return { order, address, addressLines: address.shared ? addressLines(address.value) : [], email };
}

function signedInAs(req: Request): string {
  const { user } = req.userref;
  if (!user) throw new Error('this route stands behind askToSignIn');
  return user.userRef;
}
