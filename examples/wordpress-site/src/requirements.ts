import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's packages that the site is made of. */
export const requiredPackages = [
  'wordpress',
  'wordpress-theme-twentytwentythree',
  'mariadb-server-core',
  'mariadb-client',
  'php-cli',
  'php-mysql',
  'php-xml',
  'php-mbstring',
  'php-curl',
  'php-gd',
] as const;

/** Where Debian's package keeps WordPress, or another copy of it. */
export const wordPressSource = process.env['WORDPRESS_SOURCE'] ?? '/usr/share/wordpress';

const NEEDED: readonly { readonly name: string; readonly isThere: () => boolean }[] = [
  { name: 'WordPress', isThere: () => existsSync(`${wordPressSource}/wp-includes/version.php`) },
  {
    name: 'its theme',
    isThere: () => existsSync(`${wordPressSource}/wp-content/themes/twentytwentythree/theme.json`),
  },
  { name: 'MariaDB', isThere: () => existsSync('/usr/sbin/mariadbd') },
  { name: 'its clients', isThere: () => existsSync('/usr/bin/mariadb-dump') },
  ...['mysqli', 'dom', 'mbstring', 'curl', 'gd'].map((name) => ({
    name: `PHP with ${name}`,
    isThere: () => phpModules().includes(name),
  })),
];

/** What is missing here, in words, with the command that brings it; `undefined` when all is there. */
export function missingPrograms(): string | undefined {
  const missing = NEEDED.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0) return undefined;
  return `The WordPress site needs ${missing.join(', ')}. On Debian, as root, without starting any service:
RUNLEVEL=1 apt-get install --no-install-recommends ${requiredPackages.join(' ')}`;
}

/** Version of the WordPress in a folder: `6.8.7`; `undefined` when there is none. */
export function versionOf(root: string): string | undefined {
  const file = join(root, 'wp-includes', 'version.php');
  return existsSync(file) ? /\$wp_version = '([^']+)'/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

function phpModules(): string[] {
  try {
    return execFileSync('php', ['-m'], { encoding: 'utf8' }).toLowerCase().split('\n');
  } catch {
    return [];
  }
}
