import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';

const CLIENT = join(import.meta.dirname, '..', 'php');
const problem = ensurePhp('composer', 'php-codesniffer');

function run(program: string, words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: CLIENT,
    encoding: 'utf8',
    env: { ...process.env, COMPOSER_DISABLE_NETWORK: '1', COMPOSER_ALLOW_SUPERUSER: '1' },
  });
  return { status, said: stdout + stderr };
}

describe.skipIf(problem !== undefined)('the PHP client', () => {
  it('has no error of style', () => {
    const { status, said } = run('phpcs', ['--standard=phpcs.xml', '-q', 'src', 'tests', 'autoload.php']);
    expect(said.trim()).toBe('');
    expect(status).toBe(0);
  });

  it('has valid Composer metadata, and depends on PHP and its own extensions alone', () => {
    const { status, said } = run('composer', ['validate', '--strict', '--no-check-lock', '--no-interaction']);
    expect(said).toContain('./composer.json is valid');
    expect(status).toBe(0);
    const { require: needs } = JSON.parse(readFileSync(join(CLIENT, 'composer.json'), 'utf8'));
    expect(Object.keys(needs).filter((name) => name !== 'php' && !name.startsWith('ext-'))).toEqual([]);
  });

  it('finds every class by the paths that Composer gets told', () => {
    for (const file of sources()) {
      const path = file.slice(0, -'.php'.length).replaceAll('/', '\\');
      const text = readFileSync(join(CLIENT, 'src', file), 'utf8');
      const [, space = ''] = /^namespace ([\w\\]+);$/m.exec(text) ?? [];
      const [, name = ''] = /^(?:final |abstract )?(?:class|interface|enum|trait) (\w+)/m.exec(text) ?? [];
      expect(`${space}\\${name}`).toBe(`Userref\\${path}`);
    }
  });

  it('has no two classes whose names differ in case alone, as PHP takes them for one', () => {
    const names = sources().map((file) => file.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps files short and shows a site nothing that could serve as identity besides the user_ref', () => {
    const long = sources().filter((file) => !file.startsWith('Contract/') && linesOf(file) > 250);
    expect(long).toEqual([]);
    const session = readFileSync(join(CLIENT, 'src', 'Session.php'), 'utf8');
    expect(session).not.toMatch(/\b(email|e-mail|name)\b.*\$/i);
  });
});

function sources(): string[] {
  return readdirSync(join(CLIENT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.php'),
  );
}

function linesOf(file: string): number {
  return readFileSync(join(CLIENT, 'src', file), 'utf8').split('\n').length;
}
