import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Workspace packages are tested from their sources, so no test runs against a stale build. */
const fromSource = {
  resolve: { conditions: ['@userref/source'] },
  ssr: { resolve: { conditions: ['@userref/source'], externalConditions: ['@userref/source'] } },
};

/** One project a package and kind of test: `npx vitest run --project core-unit`. */
function project(name: string, include: string[], test: Record<string, unknown> = {}) {
  return { ...fromSource, test: { name, include, environment: 'node' as const, ...test } };
}

/** Debian's package, which the tests install as root; elsewhere that project is left out. */
function mayHavePgBouncer() {
  const mayInstall =
    existsSync('/usr/bin/apt-get') && (process.getuid?.() === 0 || process.env.CI === 'true');
  return mayInstall || existsSync('/usr/sbin/pgbouncer');
}

export default defineConfig({
  test: {
    projects: [
      project('repo', ['docs/test/**/*.test.ts']),
      project('sdk-core', ['sdk-core/test/**/*.test.ts']),
      project('sdk-express', ['sdk-express/test/**/*.test.ts']),
      project('core-unit', ['hosted-core/test/unit/**/*.test.ts']),
      project('core-contract', ['hosted-core/test/contract/**/*.test.ts'], { testTimeout: 60_000 }),
      project('core-integration', ['hosted-core/test/integration/**/*.test.ts'], {
        globalSetup: ['hosted-core/test/support/global-postgres.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      // The same tests in the way of hosted databases: PgBouncer in between, set up without a superuser.
      ...(mayHavePgBouncer()
        ? [
            project('core-pooler', ['hosted-core/test/integration/**/*.test.ts'], {
              globalSetup: ['hosted-core/test/support/global-pooled-postgres.ts'],
              testTimeout: 60_000,
              hookTimeout: 120_000,
            }),
          ]
        : []),
      project('shop', ['examples/express-shop/test/**/*.test.ts']),
      project('e2e', ['examples/demo/test/**/*.test.ts'], {
        testTimeout: 180_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
});
