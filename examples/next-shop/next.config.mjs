import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const expressShop = dirname(fileURLToPath(import.meta.resolve('@userref/example-express-shop/package.json')));

/** @type {import('next').NextConfig} */
export default {
  // What both shops have in common (products, orders, style) comes as TypeScript from the Express shop.
  transpilePackages: ['@userref/example-express-shop'],
  env: { SHOP_ART_FOLDER: join(expressShop, 'src', 'art') },
  // `npm run check` looks at the types of the whole repository.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  outputFileTracingRoot: join(expressShop, '..', '..'),
};
