import type { TestProject } from 'vitest/node';
import { type BuiltShop, buildShop } from './build-shop.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The shop, built with either version of Next.js. */
    builtShops: readonly BuiltShop[];
  }
}

/** Builds once a run; one after the other, as each takes all that a small machine has. */
export default async function setup(project: TestProject): Promise<void> {
  const shops = [await buildShop('16'), await buildShop('15')];
  project.provide('builtShops', shops);
}
