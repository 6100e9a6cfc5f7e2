import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { type BuiltPlugin, buildPlugin } from '../wordpress/build/build-plugin.ts';
import { ensurePhp } from './support/php.ts';
import { copyInto, phpVersions } from './support/php-versions.ts';
import { newFolder, removeFolders } from './support/test-bridge.ts';
import { startTestWordPress, type TestWordPress } from './support/wordpress.ts';

const PLUGIN = join(import.meta.dirname, '..', 'wordpress');
const OLD_CLIENT = join(import.meta.dirname, 'support', 'wordpress-plugins', 'old-client');
const problem = ensurePhp();
const versions = phpVersions();
/** `Userref\…` that does not begin with a prefix, in code, comments and texts alike. */
const UNPREFIXED = /(?<![\w\\])\\{0,2}Userref\\{1,2}[A-Za-z_]/;

describe.skipIf(problem !== undefined)('the plug-in as a ZIP', () => {
  let built: BuiltPlugin;
  let files: Record<string, Uint8Array>;
  const text = (name: string) => Buffer.from(files[`userref-login/${name}`] ?? []).toString('utf8');
  const names = () => Object.keys(files).map((name) => name.replace(/^userref-login\//, ''));

  beforeAll(() => {
    built = buildPlugin(join(newFolder(), 'plugin'));
    files = unzipSync(readFileSync(built.zip));
  });
  afterAll(removeFolders);

  it('is the same, byte for byte, whenever and wherever it is made', () => {
    const words = ['--conditions=@userref/source', '--input-type=module', '--eval'];
    const into = join(newFolder(), 'again');
    const script = `import { buildPlugin } from '${join(PLUGIN, 'build', 'build-plugin.ts')}'; buildPlugin('${into}');`;
    execFileSync(process.execPath, [...words, script], { env: { ...process.env, TZ: 'Asia/Tokyo' } });
    const again = readFileSync(join(into, `userref-login-${built.version}.zip`));
    expect(again.equals(readFileSync(built.zip))).toBe(true);
  });

  it('holds the plug-in and its client, and nothing that is for developers', () => {
    expect(Object.keys(files).filter((name) => !name.startsWith('userref-login/'))).toEqual([]);
    expect(names()).toEqual(
      expect.arrayContaining(['userref-login.php', 'uninstall.php', 'readme.txt', 'lib/autoload.php']),
    );
    const unwanted = /[Tt]est|phpcs|phpunit|composer|README|\.ts$|\/bin\/|^build|node_modules|\/\./;
    expect(names().filter((name) => unwanted.test(name))).toEqual([]);
    expect(names().filter((name) => !/\.(php|txt|pot|po|mo|json|js|css|svg)$|LICENSE$/.test(name))).toEqual(
      [],
    );
  });

  it('brings both licences and says how they go together', () => {
    expect(text('LICENSE')).toContain('GNU GENERAL PUBLIC LICENSE\n                       Version 2');
    expect(text('lib/LICENSE')).toContain('Apache License');
    expect(text('readme.txt')).toContain('version 3 of the GPL');
  });

  it('has every translation compiled', () => {
    const locales = readdirSync(join(PLUGIN, 'languages')).filter((name) => name.endsWith('.po'));
    expect(locales.length).toBeGreaterThan(1);
    for (const name of locales) {
      expect(names()).toContain(`languages/${name.replace('.po', '.mo')}`);
      expect(names()).toContain(`languages/${name.replace('.po', '-userref-login-block.json')}`);
    }
  });

  it('names the client by the plug-in’s own namespace, everywhere', () => {
    const left = names().filter((name) => name.endsWith('.php') && UNPREFIXED.test(text(name)));
    expect(left).toEqual([]);
    expect(text('lib/src/Config.php')).toContain('namespace UserrefLogin\\Client;');
    expect(text('src/Services.php')).toContain('use UserrefLogin\\Client\\Userref;');
    expect(text('lib/autoload.php')).toContain("'UserrefLogin\\\\Client\\\\'");
  });

  it('does nothing and says nothing when a file of it is opened by itself', () => {
    const opened = names().filter((name) => name.endsWith('.php'));
    const script = `foreach (array_slice($argv, 1) as $file) { if (pcntl_fork() === 0) { require $file; exit; } }
      while (pcntl_wait($status) > 0) { if ($status !== 0) { echo 'failed'; } }`;
    const files = opened.map((name) => join(built.folder, name));
    const { stdout, stderr } = spawnSync('php', ['-d', 'display_errors=1', '-r', script, '--', ...files], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
    expect(opened.filter((name) => !/ABSPATH|WP_UNINSTALL_PLUGIN/.test(text(name)))).toEqual([]);
  });

  it('has one version', () => {
    expect(text('userref-login.php')).toContain(`Version:           ${built.version}`);
    expect(text('src/Plugin.php')).toContain(`VERSION = '${built.version}'`);
    expect(text('readme.txt')).toContain(`\n= ${built.version} =\n`);
  });

  describe.skipIf(versions.problem !== undefined)('on every version of PHP', () => {
    it.each(['8.1', '8.2', '8.3', '8.4', '8.5'])('loads without a word on PHP %s', async (version) => {
      const php = await versions.start(version);
      php.mkdir('/plugin');
      copyInto(php, built.folder, '/plugin/userref-login');
      const { text: said, errors } = await php.run({ scriptPath: '/client/load-plugin.php' });
      php.exit();
      const result = said.startsWith('{') ? JSON.parse(said) : { problems: [said, errors] };
      expect(result.problems).toEqual([]);
      expect(result.version.startsWith(`${version}.`)).toBe(true);
      expect(result.count).toBeGreaterThan(100);
    });
  });
});

describe.skipIf(problem !== undefined)('the client’s namespace', () => {
  const prefixed = (code: string) => {
    const script = `require '${join(PLUGIN, 'build', 'NamePrefixer.php')}';
      $prefixer = new UserrefLogin\\Build\\NamePrefixer();
      $code = $prefixer->prefix(stream_get_contents(STDIN));
      echo $code; exit($prefixer->leftovers($code) === [] ? 0 : 3);`;
    const { stdout, stderr, status } = spawnSync('php', ['-r', script], { input: code, encoding: 'utf8' });
    return status === 0 ? stdout : `${status}: ${stdout}${stderr}`;
  };

  it.each([
    ['namespace Userref;', 'namespace UserrefLogin\\Client;'],
    ['namespace Userref\\Web;', 'namespace UserrefLogin\\Client\\Web;'],
    ['use Userref\\Web\\Site as Userref;', 'use UserrefLogin\\Client\\Web\\Site as Userref;'],
    ['use Userref\\{Config, Session};', 'use UserrefLogin\\Client\\{Config, Session};'],
    ['use function Userref\\open;', 'use function UserrefLogin\\Client\\open;'],
    ['$a = \\Userref\\Config::class;', '$a = \\UserrefLogin\\Client\\Config::class;'],
    ['$a = Userref\\Config::class;', '$a = UserrefLogin\\Client\\Config::class;'],
    ["$a = 'Userref\\\\Config';", "$a = 'UserrefLogin\\\\Client\\\\Config';"],
    ["$a = 'Userref\\Config';", "$a = 'UserrefLogin\\Client\\Config';"],
    ['$a = "\\\\Userref\\\\Config$b";', '$a = "\\\\UserrefLogin\\\\Client\\\\Config$b";'],
    [
      '/** @throws \\Userref\\X, {@see Userref\\Y} */',
      '/** @throws \\UserrefLogin\\Client\\X, {@see UserrefLogin\\Client\\Y} */',
    ],
  ])('is changed in %s', (code, expected) => {
    expect(prefixed(`<?php\n${code}\n`)).toBe(`<?php\n${expected}\n`);
  });

  it.each([
    'final class Userref { public Userref $userref; }',
    'use UserrefLogin\\Plugin; use Acme\\Userref\\Config; use Acme\\Userref;',
    "$a = 'Sign in with Userref'; $b = 'userref:key'; $c = 'Userref Login'; $d = 'Acme\\\\Userref\\\\X';",
    '// Userref in a sentence; UserrefLogin\\Plugin',
    '$f = function () use ($userref) { return new Userref($userref); };',
  ])('is left alone in %s', (code) => {
    expect(prefixed(`<?php\n${code}\n`)).toBe(`<?php\n${code}\n`);
  });

  it('is an error where it means another name', () => {
    expect(prefixed('<?php\nnamespace Acme;\n$a = Userref\\Config::class;\n')).toContain(
      'is below this namespace',
    );
  });
});

const wordPressProblem = problem ?? ensureWordPress();
describe.skipIf(wordPressProblem !== undefined)(
  'the ZIP, beside a plug-in with an old client of its own',
  () => {
    let word: TestWordPress;

    beforeAll(async () => {
      const { folder, zip } = buildPlugin(join(newFolder(), 'plugin'));
      word = await startTestWordPress({ plugin: folder, plugins: [OLD_CLIENT] });
      await word.ask(`require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';
      deactivate_plugins('userref-login/userref-login.php');
      $done = (new Plugin_Upgrader(new Automatic_Upgrader_Skin()))->install('${zip}', ['overwrite_package' => true]);
      $active = activate_plugin('userref-login/userref-login.php');
      if ($done !== true || $active !== null) { throw new RuntimeException('not installed'); }
      return true;`);
    });
    afterAll(() => word?.stop());

    it('signs in, while the other goes on with its own', async () => {
      const browser = new Browser();
      const { response } = await word.signIn(browser);
      expect(await response.text()).toContain('<p id="old-client">old config of site</p>');
      const profile = await browser.fetch(`${word.site.url}/wp-admin/profile.php`);
      expect(await profile.text()).toContain(word.core.person.userRef);
    });

    it.each([
      ['de_DE', 'Mit Userref anmelden'],
      ['ru_RU', 'Войти через Userref'],
      ['fr_FR', 'Sign in with Userref'],
    ])('speaks the language of the site: %s', async (locale, words) => {
      await word.site.sql(`insert into wp_options (option_name, option_value) values ('WPLANG', '${locale}')
        on duplicate key update option_value = '${locale}'`);
      expect(await (await fetch(`${word.site.url}/wp-login.php`)).text()).toContain(words);
    });

    it('leaves no word of PHP in the log', () => {
      const lines = (logOf(word.site.logs.debug) + logOf(word.site.logs.php)).split('\n');
      // WordPress 6.1 has deprecations of its own on newer PHP, and may not ask for updates here.
      const complaints = lines.filter((line) => /PHP (Warning|Notice|Deprecated|Fatal)/.test(line));
      expect(complaints.filter((line) => !/\/wp-(includes|admin)\//.test(line))).toEqual([]);
    });
  },
);

function logOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
