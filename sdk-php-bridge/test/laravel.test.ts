import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';

const PACKAGE = join(import.meta.dirname, '..', 'laravel');
const problem = ensurePhp('phpunit', 'composer', 'php-codesniffer', 'php-laravel-framework', 'php-guzzlehttp-guzzle');

function run(program: string, words: readonly string[]) {
  const env = { ...process.env, COMPOSER_DISABLE_NETWORK: '1', COMPOSER_ALLOW_SUPERUSER: '1' };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: PACKAGE, encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}

describe.skipIf(problem !== undefined)('the Laravel package', () => {
  it('passes its tests on Debian’s Laravel, with four drivers of sessions', () => {
    const { status, said } = run('phpunit', ['-c', 'phpunit.xml']);
    expect(said).toMatch(/OK \(\d{2,} tests, \d{2,} assertions\)/);
    expect(status).toBe(0);
  });

  it('has no error of style', () => {
    const { said } = run('phpcs', ['--standard=../php/phpcs.xml', '-q', 'src', 'config', 'tests']);
    expect(said.trim()).toBe('');
  });

  it('has valid Composer metadata', () => {
    const words = ['validate', '--strict', '--no-check-lock', '--no-interaction'];
    expect(run('composer', words)).toMatchObject({ status: 0 });
  });
});
