/**
 * A small shop that recognises people by `user_ref` and stores none of their data. Start with {@link createShop};
 * what to copy into a shop of your own is in login.ts.
 */
export { type Brand, type BrandId, brands, type Product } from './brands.ts';
export { createShop, type Shop, type ShopOptions } from './shop.ts';
