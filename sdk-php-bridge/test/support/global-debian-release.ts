import type { TestProject } from 'vitest/node';
import { missingRelease, unpackDebianRelease } from '../../../hosted-core/test/support/debian-release.ts';

const PACKAGES = [
  ...['cli', 'mysql', 'mbstring', 'xml', 'curl', 'sqlite3', 'gd', 'zip'].map((name) => `php-${name}`),
  ...['php-apcu', 'php-laravel-framework', 'php-guzzlehttp-guzzle', 'php-symfony-cache', 'phpunit'],
  ...['wordpress', 'wordpress-theme-twentytwentythree', 'wordpress-theme-twentytwentyfive'],
  // Stands in for the large web server that WordPress would bring.
  'micro-httpd',
];

/** Its packages change from day to day, and on some days they cannot be installed together. */
const MOVING = 'forky';

/**
 * Unpacks PHP, Laravel and WordPress of the Debian release that the project names in `USERREF_TEST_DEBIAN`. Where its
 * packages cannot be had, its tests are skipped and say why; with `CI=true` only those of a release that still moves.
 */
export function setup({ config }: TestProject): void {
  const release = config.env['USERREF_TEST_DEBIAN'];
  if (release === undefined) throw new Error('The project names no Debian release in USERREF_TEST_DEBIAN.');
  try {
    unpackDebianRelease({ release, packages: PACKAGES });
  } catch (problem) {
    const missing = missingRelease(release);
    const mayBeMissing = release === MOVING || process.env['CI'] !== 'true';
    if (missing === undefined || !mayBeMissing) throw problem;
    process.stderr.write(`skipped: ${missing}: ${problem}\n`);
  }
}
