import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type PhpSite, type PhpSiteOptions, startPhpSite } from '@userref/example-php-shop';

export interface LaravelShop extends PhpSite {
  readonly databaseFile: string;
  /** Laravel's own folder: sessions, compiled views, logs. */
  readonly storage: string;
  /** Opens the packing desk, `/packing`, with any user name. */
  readonly staffPassword: string;
}

const FOLDER = join(import.meta.dirname, '..');
/** Whether PHP finds a Laravel, of Debian for instance; a folder `vendor` made by Composer takes its place. */
const FIND_LARAVEL = "exit((int) (stream_resolve_include_path('Illuminate/autoload.php') === false));";

/** The Laravel shop, with its bridge. @throws Error when there is no PHP or no Laravel */
export async function startLaravelShop(options: PhpSiteOptions): Promise<LaravelShop> {
  if (!existsSync(join(FOLDER, 'vendor')) && spawnSync('php', ['-r', FIND_LARAVEL]).status === 1) {
    throw new Error('Laravel is not installed (php-laravel-framework).');
  }
  const databaseFile = join(options.dataDir, 'shop.sqlite');
  // Laravel makes no database, not even SQLite's.
  closeSync(openSync(databaseFile, 'a', 0o600));
  const storage = join(options.dataDir, 'storage');
  const staffPassword = randomBytes(6).toString('base64url');
  const site = await startPhpSite(options, {
    script: join(FOLDER, 'server.php'),
    documentRoot: join(FOLDER, 'public'),
    prepare: [join(FOLDER, 'artisan'), 'migrate', '--force'],
    environment: {
      APP_KEY: `base64:${keyFrom(options.sessionSecret)}`,
      SHOP_STORAGE: storage,
      SHOP_DATABASE: databaseFile,
      SHOP_STAFF_PASSWORD: staffPassword,
    },
  });
  return { ...site, databaseFile, storage, staffPassword };
}

/** The same at every start, so that sessions outlive one. */
function keyFrom(secret: string): string {
  return createHash('sha256').update(`laravel ${secret}`).digest('base64');
}
