import { readArt } from '@userref/example-express-shop/parts/art.ts';
import { brands } from '@userref/example-express-shop/parts/brands.ts';

export const brand = brands['kettle-and-leaf'];

/** Drawings by product, as markup. */
export const art: Readonly<Record<string, string>> = readArt(process.env.SHOP_ART_FOLDER ?? '');

export function productName(sku: string): string {
  return brand.products.find((product) => product.sku === sku)?.name ?? sku;
}
