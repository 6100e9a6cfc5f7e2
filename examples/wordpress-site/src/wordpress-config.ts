import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhpConstants } from './wordpress-site.ts';

export interface ConfigOptions {
  /** ABSPATH. */
  readonly root: string;
  readonly socket: string;
  readonly debugLog: string;
  /** Keys and salts, by name. */
  readonly keys: PhpConstants;
  readonly constants: PhpConstants;
}

export const databaseName = 'wordpress';

/** Names of WordPress's keys and salts. */
export const keyNames = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) => [
  `${name}_KEY`,
  `${name}_SALT`,
]);

/** Nothing leaves this machine, nothing updates itself, and errors go to the log alone. */
const QUIET: PhpConstants = {
  WP_DEBUG: true,
  WP_DEBUG_DISPLAY: false,
  DISABLE_WP_CRON: true,
  WP_HTTP_BLOCK_EXTERNAL: true,
  WP_ACCESSIBLE_HOSTS: 'localhost,127.0.0.1',
  AUTOMATIC_UPDATER_DISABLED: true,
  WP_AUTO_UPDATE_CORE: false,
  DISALLOW_FILE_EDIT: true,
};

/** Writes `wp-config.php`. */
export function writeConfig({ root, socket, debugLog, keys, constants }: ConfigOptions): void {
  const all: PhpConstants = {
    DB_NAME: databaseName,
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${socket}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
    ...keys,
    ...QUIET,
    WP_DEBUG_LOG: debugLog,
    ...constants,
  };
  const lines = Object.entries(all).map(([name, value]) => `define('${name}', ${literal(value)});`);
  const text = [
    '<?php',
    ...lines,
    "$table_prefix = 'wp_';",
    "if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }",
    "require_once ABSPATH . 'wp-settings.php';",
    '',
  ];
  writeFileSync(join(root, 'wp-config.php'), text.join('\n'), { mode: 0o600 });
}

/** What makes a network of sites in folders, as WordPress's own instructions say. */
export function networkConstants(url: string): PhpConstants {
  return {
    WP_ALLOW_MULTISITE: true,
    MULTISITE: true,
    SUBDOMAIN_INSTALL: false,
    DOMAIN_CURRENT_SITE: new URL(url).host,
    PATH_CURRENT_SITE: '/',
    SITE_ID_CURRENT_SITE: 1,
    BLOG_ID_CURRENT_SITE: 1,
  };
}

function literal(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
