/** The PHP shop for programs that start it for somebody: the demo, tests. */
export { type PhpShop, type PhpShopOptions, startPhpShop } from './start-php-shop.ts';
