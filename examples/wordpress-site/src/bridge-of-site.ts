import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startSiteBridge } from '@userref/example-php-shop';
import type { RunningBridge } from '@userref/php-bridge';
import type { PhpConstants, UserrefOfSite } from './wordpress-site.ts';

const PACKAGE = join(import.meta.dirname, '..', '..', '..', 'sdk-php-bridge');

/** The plug-in's sources; they load the client from the folder beside. */
export const pluginOfRepository = join(PACKAGE, 'wordpress');
export const clientOfRepository = join(PACKAGE, 'php');

/** The bridge on a socket in the site's folder, and the constants by which the plug-in finds it. */
export async function bridgeOfSite(
  userref: UserrefOfSite,
  { url, folder }: { readonly url: string; readonly folder: string },
): Promise<{ readonly running: RunningBridge; readonly constants: PhpConstants }> {
  const bridgeSecret = randomBytes(32).toString('base64url');
  const running = await startSiteBridge({ ...userref, dataDir: folder }, { url, bridgeSecret });
  const constants = {
    USERREF_BRIDGE: running.address,
    USERREF_BRIDGE_SECRET: bridgeSecret,
    USERREF_ISSUER: userref.issuer,
    USERREF_SITE: userref.site,
    USERREF_WEBHOOK_SECRET: userref.webhookSecret,
  };
  return { running, constants };
}
