import { type Basket, basketCookie, basketIn } from '@userref/example-express-shop/parts/basket.ts';
import { headers } from 'next/headers';
import { brand } from './brand.ts';

/** The basket of this request. */
export async function readBasket(): Promise<Basket> {
  return basketIn((await headers()).get('cookie') ?? undefined, brand);
}

/** `Set-Cookie` for a basket. Scripts may read it: the header of a static page counts what is in it. */
export function basketSetCookie(value: string): string {
  return `${basketCookie(brand)}=${value}; Path=/; SameSite=Lax${value ? '' : '; Max-Age=0'}`;
}
