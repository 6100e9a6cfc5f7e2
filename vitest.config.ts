import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Workspace packages are tested from their sources, so no test runs against a stale build. */
const fromSource = {
  resolve: { conditions: ['@userref/source'] },
  ssr: { resolve: { conditions: ['@userref/source'], externalConditions: ['@userref/source'] } },
};

/** No claim about how long anything takes: a machine that is busy with other tests is late with everything. */
const PATIENT = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } };

/** One project a package and kind of test: `npx vitest run --project core-unit`. */
function project(name: string, include: string[], test: Record<string, unknown> = {}) {
  return {
    ...fromSource,
    test: { name, include, environment: 'node' as const, ...PATIENT, ...test },
  };
}

/** Whether the command line asks for the project. */
const isNamed = (name: string) => process.argv.some((word) => word.includes(name));

/** The tests of sdk-express once more, on the oldest Express that it works with. */
const express4 = project('sdk-express-4', ['sdk-express/test/**/*.test.ts'], { env: { EXPRESS_MAJOR: '4' } });
const onExpress4 = {
  ...express4,
  resolve: { ...express4.resolve, alias: { express: 'express-4' } },
};

/** What depends most on how connections are shared: tenants, locks, races, sequences and statements of releases. */
const SHARED_CONNECTIONS =
  'audit-begin-log,audit-sequencer,blind-index*,closed-keys,consent,erasure,erasure-{catalogue,races},event-feed,halves-apart,interaction,key-ring,migrate,oidc-login,quarantine,reads-in-flight,release*,restore,revocation,rotation-{dek,job,kek,lifecycle},sealed-{attributes,keys,records},status-lists,supabase,vault,webhooks-{delivery,isolation}';

/**
 * The integration tests once more, as hosted databases are used: PgBouncer (Debian's package, installed by the
 * tests) in between, set up without a superuser. All of them when the project is named
 * (`npm test -- --project core-pooler`), which takes as long as the run itself; a part of them in CI.
 */
const isPoolerNamed = isNamed('core-pooler');
const throughPooler = project(
  'core-pooler',
  [`hosted-core/test/integration/${isPoolerNamed ? '**/*' : `{${SHARED_CONNECTIONS}}`}.test.ts`],
  {
    globalSetup: ['hosted-core/test/support/global-pooled-postgres.ts'],
  },
);
const isPoolerWanted = isPoolerNamed || process.env.CI === 'true';

/** What leans most on WordPress, WooCommerce and Laravel themselves, and runs on newer ones in CI too. */
const ON_NEWER_IN_CI = {
  trixie: ['sdk-php-bridge/test/{phpunit,wordpress-{newer,users}}.test.ts'],
  forky: [
    'sdk-php-bridge/test/{phpunit,woo-checkout,wordpress-{login,logout,newer,sessions,traces,users}}.test.ts',
    'examples/laravel-shop/test/optimized.test.ts',
  ],
};

/**
 * PHP's tests once more on the PHP, WordPress and Laravel of a newer Debian, unpacked beside this machine's own:
 * `npm test -- --project php-trixie` (WordPress 6.8, Laravel 10) and `php-forky` (WordPress 7.1, Laravel 13). All of
 * them when the project is named; a part of them in CI.
 */
function onNewerDebian(release: 'trixie' | 'forky') {
  const folder = join(import.meta.dirname, '.cache', `debian-${release}`);
  return project(
    `php-${release}`,
    isNamed(`php-${release}`)
      ? [
          'sdk-php-bridge/test/{php-site,phpunit,wordpress-*,woo-*}.test.ts',
          'examples/{laravel,wordpress}-*/**/*.test.ts',
        ]
      : ON_NEWER_IN_CI[release],
    {
      globalSetup: ['sdk-php-bridge/test/support/global-debian-release.ts'],
      env: {
        USERREF_TEST_DEBIAN: release,
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        WORDPRESS_SOURCE: join(folder, 'root', 'usr', 'share', 'wordpress'),
      },
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  );
}
export default defineConfig({
  test: {
    projects: [
      project('repo', ['docs/test/*.test.ts']),
      project('packaging', ['docs/test/packaging/*.test.ts'], {
        globalSetup: ['docs/test/packaging/support/global-packed.ts'],
        testTimeout: 240_000,
        hookTimeout: 420_000,
        // They share the programs of Node that they fetch.
        fileParallelism: false,
      }),
      project('sdk-core', ['sdk-core/test/**/*.test.ts']),
      project('sdk-express', ['sdk-express/test/**/*.test.ts']),
      onExpress4,
      project('core-unit', ['hosted-core/test/unit/**/*.test.ts']),
      project('core-contract', ['hosted-core/test/contract/**/*.test.ts']),
      project('core-integration', ['hosted-core/test/integration/**/*.test.ts'], {
        globalSetup: ['hosted-core/test/support/global-postgres.ts'],
      }),
      ...(isPoolerWanted ? [throughPooler] : []),
      project('cli', ['hosted-core/test/cli/**/*.test.ts'], {
        globalSetup: ['hosted-core/test/support/global-emulator.ts'],
        // They share the emulator's one site.
        fileParallelism: false,
      }),
      project('sdk-next', ['sdk-next/test/unit/**/*.test.ts']),
      project('shop', ['examples/express-shop/test/**/*.test.ts']),
      project('php', ['sdk-php-bridge/test/**/*.test.ts', 'examples/{php,laravel,wordpress}-*/**/*.test.ts']),
      ...(['trixie', 'forky'] as const)
        .filter((release) => isNamed(`php-${release}`) || process.env.CI === 'true')
        .map(onNewerDebian),
      project('e2e', ['examples/{demo,api-service}/test/**/*.test.ts'], {
        testTimeout: 180_000,
        fileParallelism: false,
      }),
      project('next', ['sdk-next/test/built/**/*.test.ts', 'examples/next-shop/test/**/*.test.ts'], {
        globalSetup: ['sdk-next/test/support/global-built-shops.ts'],
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
