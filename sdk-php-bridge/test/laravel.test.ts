import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';
import { newFolder, removeFolders } from './support/test-bridge.ts';

const PACKAGE = join(import.meta.dirname, '..', 'laravel');
const SHOP = join(import.meta.dirname, '..', '..', 'examples', 'laravel-shop');
const problem = ensurePhp('composer', 'php-codesniffer');

function run(program: string, words: readonly string[], cwd = PACKAGE) {
  const env = { ...process.env, COMPOSER_DISABLE_NETWORK: '1', COMPOSER_ALLOW_SUPERUSER: '1' };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8', env });
  return { status, said: stdout + stderr };
}

afterAll(removeFolders);

describe.skipIf(problem !== undefined)('the Laravel package', () => {
  it('has no error of style', () => {
    const folders = ['src', 'config', 'database', 'resources/lang', 'tests', SHOP];
    const { said } = run('phpcs', [
      '--standard=../php/phpcs.xml',
      '--extensions=php',
      '--ignore=*.blade.php',
      '-q',
      ...folders,
    ]);
    expect(said.trim()).toBe('');
  });

  it('has valid Composer metadata', () => {
    const words = ['validate', '--strict', '--no-check-lock', '--no-interaction'];
    expect(run('composer', words)).toMatchObject({ status: 0 });
  });

  it.each(['8.83.26', '9.52.0', '10.48.0', '11.30.0', '12.10.0', '13.31.0'])(
    'is installed by Composer beside Laravel %s, with the client and nothing else',
    (version) => {
      const { folder, status, said } = composerUpdate(version);
      expect(said).not.toMatch(/problem/i);
      expect(status).toBe(0);
      const code =
        'require "vendor/autoload.php"; echo (int) class_exists(Userref\\Userref::class), Composer\\InstalledVersions::getPrettyVersion("userref/laravel");';
      expect(run('php', ['-r', code], folder).said).toBe('10.0.1');
      expect(readdirSync(join(folder, 'vendor')).sort()).toEqual([
        'autoload.php',
        'bin',
        'composer',
        'userref',
      ]);
      expect(run('php', ['vendor/bin/userref-php'], folder).status).toBe(2);
    },
  );

  it('is not installed beside a Laravel that it was not written for', () => {
    const { status, said } = composerUpdate('7.30.0');
    expect(status).not.toBe(0);
    expect(said).toContain('userref/laravel');
  });
});

/** A project of somebody who requires the package, with a Laravel that only has a name and a version. */
function composerUpdate(version: string): { folder: string; status: number | null; said: string } {
  const folder = newFolder();
  const parts = ['auth', 'console', 'contracts', 'database', 'http', 'routing', 'support', 'view'];
  const replace = Object.fromEntries(parts.map((part) => [`illuminate/${part}`, version]));
  const path = (name: string) => ({
    type: 'path',
    url: join(PACKAGE, '..', name === 'client' ? 'php' : name),
    options: { symlink: false, versions: { [`userref/${name}`]: '0.0.1' } },
  });
  const laravel = { name: 'laravel/framework', version, type: 'metapackage', replace };
  const project = {
    repositories: [
      { 'packagist.org': false },
      path('laravel'),
      path('client'),
      { type: 'package', package: laravel },
    ],
    require: { 'laravel/framework': '*', 'userref/laravel': '^0.0' },
  };
  writeFileSync(join(folder, 'composer.json'), JSON.stringify(project));
  return { folder, ...run('composer', ['update', '--no-interaction', '--no-progress'], folder) };
}
