import { isBrandId } from './brands.ts';
import { createShop, type ShopOptions } from './shop.ts';

/** Starts one shop from the environment. README.md lists the variables. */
const shop = await createShop(readOptions(process.env));
process.stdout.write(`${shop.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.close());

function readOptions(env: NodeJS.ProcessEnv): ShopOptions {
  const missing: string[] = [];
  const required = (name: string): string => {
    const value = env[name];
    if (!value) missing.push(name);
    return value ?? '';
  };
  const brand = env['SHOP_BRAND'] ?? 'kettle-and-leaf';
  const options = {
    port: Number(env['SHOP_PORT'] ?? 4010),
    issuer: required('USERREF_ISSUER'),
    site: required('USERREF_SITE'),
    siteSecret: required('USERREF_SITE_SECRET'),
    webhookSecret: required('USERREF_WEBHOOK_SECRET'),
    sessionSecret: required('USERREF_SESSION_SECRET'),
    databaseFile: env['SHOP_DATABASE_FILE'] ?? 'shop.sqlite',
    ...(env['SHOP_BASE_URL'] && { baseUrl: env['SHOP_BASE_URL'] }),
    ...(env['SHOP_LOG_FILE'] && { logFile: env['SHOP_LOG_FILE'] }),
  };
  if (missing.length > 0) stop(`missing in the environment: ${missing.join(', ')}`);
  if (!isBrandId(brand)) return stop('SHOP_BRAND must be kettle-and-leaf or paper-lantern');
  if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535)
    stop('SHOP_PORT must be a port, from 0 to 65535');
  return { brand, ...options };
}

function stop(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
