import { defineConfig } from 'tsup';

/** What runs at the site or comes from its `node_modules` is not built in. */
const external = [/^next(\/|$)/, 'react', 'server-only', /^@userref\/sdk-core(\/|$)/];

export default defineConfig({
  // The client stays a file of its own, so that its 'use client' stands where bundlers look for it.
  entry: {
    index: 'src/index.ts',
    client: 'src/client.ts',
    pages: 'src/pages.ts',
    'not-for-browsers': 'src/not-for-browsers.ts',
  },
  format: ['esm'],
  platform: 'neutral',
  target: 'es2022',
  external,
  dts: true,
  sourcemap: true,
  clean: true,
});
