import { basketSetCookie, readBasket } from '../../../lib/basket-cookie.ts';
import { seeOther } from '../../../lib/see-other.ts';
import { orderBook } from '../../../lib/shop-data.ts';
import { userref } from '../../../userref.ts';

/** Places the order. The address is not part of it: it stays where it is. */
export const POST = userref.withUser(async (_request, { user }) => {
  const basket = await readBasket();
  if (basket.count === 0) return seeOther('/basket');
  const order = orderBook().place({ userRef: user.userRef, basket });
  return seeOther(`/orders/${order.id}`, basketSetCookie(''));
});
