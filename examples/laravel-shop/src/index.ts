/** The Laravel shop for programs that start it for somebody: the demo, tests. */
export { type LaravelShop, startLaravelShop } from './start-laravel-shop.ts';
