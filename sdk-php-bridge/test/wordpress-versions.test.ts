import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensurePhp } from './support/php.ts';

const problem = ensurePhp();
const MAIN = join(import.meta.dirname, '..', 'wordpress', 'userref-login.php');

/** What an administrator sees when WordPress loads the plug-in's main file; without WordPress, which is older here. */
function loadIn(version: string, mayActivate: boolean): { shown: string; isLoaded: boolean } {
  const code = `define('ABSPATH', '/'); $wp_version = '${version}'; $hooks = [];
    function add_action($name, $work) { $GLOBALS['hooks'][$name] = $work; }
    function current_user_can() { return ${mayActivate}; }
    function __($text) { return $text; }
    function esc_html($text) { return htmlspecialchars($text); }
    require '${MAIN}';
    ob_start(); isset($hooks['all_admin_notices']) && $hooks['all_admin_notices']();
    echo json_encode(['shown' => ob_get_clean(), 'isLoaded' => class_exists('UserrefLogin\\\\Plugin', false)]);`;
  return JSON.parse(execFileSync('php', ['-r', code], { encoding: 'utf8' }));
}

describe.skipIf(problem !== undefined)('the plug-in on a WordPress that is too old', () => {
  it('does nothing, and says to who can mend it what it needs', () => {
    const { shown, isLoaded } = loadIn('6.0.9', true);
    expect(shown).toMatch(/notice-error.*needs PHP 8\.1 and WordPress 6\.1.*PHP 8\.\d.*WordPress 6\.0\.9/);
    expect(isLoaded).toBe(false);
    expect(loadIn('6.0.9', false).shown).toBe('');
  });

  it('is offered no updates by whoever takes its name at wordpress.org', () => {
    expect(readFileSync(MAIN, 'utf8')).toMatch(/^ \* Update URI: +false$/m);
  });

  it('has a main file that an old PHP can read', () => {
    const code = readFileSync(MAIN, 'utf8');
    expect(code).not.toMatch(
      /\bfn\b|\?->|\bmatch\b|\): \w+|\breadonly\b|\benum\b|\.\.\.\)|str_(starts|contains)/,
    );
    expect(code).toMatch(/Requires PHP: +8\.1\n/);
    expect(code).toMatch(/Requires at least: +6\.1\n/);
  });
});
