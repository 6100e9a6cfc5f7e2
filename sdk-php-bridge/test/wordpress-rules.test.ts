import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';

const PLUGIN = join(import.meta.dirname, '..', 'wordpress');
const RULES = join(import.meta.dirname, 'support', 'plugin-rules.php');
const problem = ensurePhp('php-codesniffer');

/** WordPress's own rules (WPCS) are not in Debian; these are the ones of them that keep people safe. */
function violations(files: Readonly<Record<string, string>>): string[] {
  const input = JSON.stringify(files);
  return JSON.parse(execFileSync('php', ['-d', 'display_errors=stderr', RULES], { input, encoding: 'utf8' }));
}

function sources(): Record<string, string> {
  const paths = readdirSync(PLUGIN, { recursive: true, encoding: 'utf8' });
  const shipped = paths.filter((path) => /^(?:src\/.+|[^/]+)\.php$/.test(path));
  return Object.fromEntries(shipped.map((path) => [path, readFileSync(join(PLUGIN, path), 'utf8')]));
}

describe.skipIf(problem !== undefined)('the sources of the WordPress plug-in', () => {
  it('escape what they print, clean what a request brings, and send requests from one place', () => {
    expect(Object.keys(sources()).length).toBeGreaterThan(60);
    expect(violations(sources())).toEqual([]);
  });

  it('follow PSR-12', () => {
    const { stdout } = spawnSync('phpcs', ['-q', '-n', '--standard=phpcs.xml'], {
      cwd: PLUGIN,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('');
  });

  it('look at few lines by hand', () => {
    const looked = Object.values(sources()).flatMap((code) =>
      code.split('\n').filter((line) => /phpcs:ignore(?! PSR1)/.test(line)),
    );
    expect(looked.length).toBeLessThanOrEqual(10);
  });
});

describe.skipIf(problem !== undefined)('the rules', () => {
  const found = (code: string) => violations({ 'src/A.php': `<?php\nfunction a($wpdb) {\n${code}\n}\n` });

  it.each([
    ['an unescaped variable', 'echo $name;'],
    ['one between literals', "echo '<p>' . $name . '</p>';"],
    ['one in a text', 'echo "<p>{$name}</p>";'],
    ['one behind an escaped one', 'echo esc_html($a), $b;'],
    ['a function that escapes nothing', 'echo strtoupper($name);'],
    ['an escaped one that is undone', 'echo esc_html($a)->undo();'],
    ['an argument of printf', "printf('<p>%s</p>', $name);"],
    ['a choice', "printf('<p>%s</p>', $a ? esc_html($a) : $b);"],
    ['print', 'print $name;'],
    ['a request’s word as it came', "$a = $_GET['a']; return $a;"],
    ['a header as it came', "return $_SERVER['HTTP_HOST'];"],
    ['another text domain', "echo esc_html__('Text', 'woocommerce');"],
    ['no text domain', "return __('Text');"],
    ['a text that is no literal', "return __($text, 'userref-login');"],
    ['a plural of another domain', "return _n('One', 'Many', $n, 'other');"],
    ['a request elsewhere', 'return wp_remote_get($url);'],
    ['a file of another machine', "return file_get_contents('https://example.org');"],
    ['a forbidden function', 'return unserialize($a);'],
    ['eval', 'eval($a);'],
    ['a heredoc, in which nobody sees what is escaped', 'return <<<HTML\n<p>{$a}</p>\nHTML;'],
    ['a value in SQL', 'return $wpdb->query("delete from {$wpdb->users} where ID = {$id}");'],
    ['a value behind SQL', "return $wpdb->query('delete from users where ID = ' . $id);"],
  ])('see %s', (_what, code) => {
    expect(found(code)).toHaveLength(1);
  });

  it.each([
    "echo '<p>' . esc_html($a) . '</p>', (int) $n;",
    "printf('<a href=\"%s\">%s</a>', esc_url($a), esc_html__('Text', 'userref-login'));",
    "$a = wp_unslash($_POST['a'] ?? '');",
    "if (($_SERVER['REQUEST_METHOD'] ?? '') === 'POST' || isset($_GET['a'])) { return 1; }",
    "$_POST['email'] = $address;",
    "return file_get_contents('php://input', length: 10);",
    'return $wpdb->get_var($wpdb->prepare("select 1 from {$wpdb->users} where ID = %d", $id));',
    "return _n('One', 'Many', $n, 'userref-login') . $this->__('no call of ours');",
    "printf('<p>%s</p>', $isOn ? esc_html__('On', 'userref-login') : '');",
    "return __('A long ' . 'text', 'userref-login');",
    'echo $html; // phpcs:ignore -- escaped where it is made',
  ])('let pass: %s', (code) => {
    expect(found(code)).toEqual([]);
  });
});
