import { changedBasket } from '@userref/example-express-shop/parts/basket.ts';
import { basketSetCookie, readBasket } from '../../../../lib/basket-cookie.ts';
import { brand } from '../../../../lib/brand.ts';
import { seeOther } from '../../../../lib/see-other.ts';

export async function POST(
  _request: Request,
  { params }: { params: Promise<{ sku: string; change: string }> },
): Promise<Response> {
  const { sku, change } = await params;
  const value = changedBasket(await readBasket(), brand, { sku, change: change === 'remove' ? -1 : 1 });
  return seeOther('/basket', basketSetCookie(value));
}
