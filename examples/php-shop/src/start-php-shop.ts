import { join } from 'node:path';
import { type PhpSite, type PhpSiteOptions, startPhpSite } from './start-php-site.ts';

export interface PhpShop extends PhpSite {
  readonly databaseFile: string;
}

const SHOP = join(import.meta.dirname, '..', 'shop.php');

/** The shop in one PHP file, with its bridge. @throws Error when there is no PHP */
export async function startPhpShop(options: PhpSiteOptions): Promise<PhpShop> {
  const databaseFile = join(options.dataDir, 'shop.sqlite');
  const site = await startPhpSite(options, { script: SHOP, environment: { SHOP_DATABASE: databaseFile } });
  return { ...site, databaseFile };
}
