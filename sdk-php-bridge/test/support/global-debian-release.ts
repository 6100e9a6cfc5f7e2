import type { TestProject } from 'vitest/node';
import { unpackDebianRelease } from '../../../hosted-core/test/support/debian-release.ts';

const PACKAGES = [
  ...['cli', 'mysql', 'mbstring', 'xml', 'curl', 'sqlite3', 'gd', 'zip'].map((name) => `php-${name}`),
  ...['php-apcu', 'php-laravel-framework', 'php-guzzlehttp-guzzle', 'php-symfony-cache', 'phpunit'],
  ...['wordpress', 'wordpress-theme-twentytwentythree', 'wordpress-theme-twentytwentyfive'],
  // Stands in for the large web server that WordPress would bring.
  'micro-httpd',
];

/** Unpacks PHP, Laravel and WordPress of the Debian release that the project names in `USERREF_TEST_DEBIAN`. */
export function setup({ config }: TestProject): void {
  const release = config.env['USERREF_TEST_DEBIAN'];
  if (release === undefined) throw new Error('The project names no Debian release in USERREF_TEST_DEBIAN.');
  unpackDebianRelease({ release, packages: PACKAGES });
}
