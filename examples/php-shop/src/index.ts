/** The PHP shop for programs that start it for somebody: the demo, tests; and what starts any site in PHP. */
export { type PhpShop, startPhpShop } from './start-php-shop.ts';
export {
  type PhpProgram,
  type PhpSite,
  type PhpSiteOptions,
  startPhpSite,
  startSiteBridge,
} from './start-php-site.ts';
