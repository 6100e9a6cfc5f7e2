import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MariaServer, startMariaServer } from '../../hosted-core/test/support/maria-server.ts';
import { ensurePhp } from './support/php.ts';
import { newFolder, removeFolders } from './support/test-bridge.ts';

const PACKAGES = join(import.meta.dirname, '..');

/** The Debian whose PHP, PHPUnit and Laravel run; this machine's own where none is named. */
const release = process.env['USERREF_TEST_DEBIAN'];
const OWN = ['phpunit', 'php-mysql', 'php-laravel-framework', 'php-guzzlehttp-guzzle'];
const problem = ensurePhp('mariadb-server-core', ...(release === undefined ? OWN : []));

/** Debian 12 has PHPUnit 9, whose settings are in phpunit.xml; later ones do not know them. */
function settings(): string[] {
  if (release === undefined) return ['-c', 'phpunit.xml'];
  const failures = ['warning', 'notice', 'risky', 'deprecation', 'phpunit-deprecation'];
  return [
    ...['--no-configuration', '--bootstrap', 'tests/bootstrap.php', '--cache-directory', newFolder()],
    ...failures.map((one) => `--fail-on-${one}`),
    ...['--display-deprecations', '--display-phpunit-deprecations', 'tests'],
  ];
}

function phpUnit(folder: string) {
  const cwd = join(PACKAGES, folder);
  const env = { ...process.env, USERREF_TEST_MARIADB: maria?.url };
  const { status, stdout, stderr } = spawnSync('phpunit', settings(), { cwd, env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

let maria: MariaServer | undefined;

afterAll(removeFolders);

describe.skipIf(problem !== undefined)('PHPUnit', () => {
  beforeAll(async () => {
    maria = await startMariaServer();
  });
  afterAll(() => maria?.stop());

  it('finds nothing wrong with the PHP client', () => {
    const { status, said } = phpUnit('php');
    expect(said).toMatch(/OK \(\d{3,} tests, \d{3,} assertions\)/);
    expect(status).toBe(0);
  });

  it('finds nothing wrong with the Laravel package, on the Laravel of this Debian', () => {
    const { status, said } = phpUnit('laravel');
    expect(said).toMatch(/OK \(\d{2,} tests, \d{2,} assertions\)/);
    expect(status).toBe(0);
  });

  it.each(['php', 'laravel'])(
    'finds providers of cases in %s, whether it reads comments or attributes',
    (folder) => {
      const tests = join(PACKAGES, folder, 'tests');
      for (const file of readdirSync(tests, { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.php')) continue;
        const text = readFileSync(join(tests, file), 'utf8');
        const [comments, attributes] = [/@dataProvider (\w+)/g, /#\[DataProvider\('(\w+)'\)\]/g].map(
          (pattern) => [...text.matchAll(pattern)].map(([, name]) => name),
        );
        expect([file, attributes]).toEqual([file, comments]);
      }
    },
  );

  it('ran on the versions that this Debian is known for', () => {
    const code =
      'require "Illuminate/autoload.php"; echo PHP_VERSION, " ", Illuminate\\Foundation\\Application::VERSION;';
    const { stdout } = spawnSync('php', ['-r', code], { encoding: 'utf8' });
    const known = { trixie: /^8\.4\.\d+ 10\./, forky: /^8\.\d\.\d+ 13\./ };
    expect(stdout).toMatch(known[release as keyof typeof known] ?? /^8\.\d\.\d+ (8|9|\d\d)\./);
  });
});
