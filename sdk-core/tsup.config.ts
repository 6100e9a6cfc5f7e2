import { defineConfig } from 'tsup';

const shared = { format: ['esm' as const], target: 'es2022', sourcemap: true };

export default defineConfig([
  {
    ...shared,
    // One build, so that an error is of the same class whichever entry it came through.
    entry: {
      index: 'src/index.ts',
      adapter: 'src/adapter/index.ts',
      languages: 'src/languages/index.ts',
      testing: 'testing/index.ts',
      'stores/redis': 'stores/redis.ts',
      'stores/sql': 'stores/sql.ts',
    },
    platform: 'neutral',
    external: [/^node:/],
    dts: true,
    clean: true,
  },
  // The command line `userref` runs in Node only, and the library imports nothing of it. It shows no stacks, so
  // nobody would look into its map, which was a third of the package.
  { ...shared, entry: { cli: 'cli/main.ts' }, platform: 'node', sourcemap: false },
]);
