import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type RunningBridge, readBridgeSettings, startBridge } from '@userref/php-bridge';
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
  const running = await startBridge(
    readBridgeSettings({
      environment: {
        USERREF_ISSUER: userref.issuer,
        USERREF_SITE: userref.site,
        USERREF_SITE_SECRET: userref.siteSecret,
        USERREF_BASE_URL: url,
        USERREF_SESSION_SECRET: userref.sessionSecret,
        USERREF_WEBHOOK_SECRET: userref.webhookSecret,
        USERREF_BRIDGE_SECRET: bridgeSecret,
        USERREF_BRIDGE_LISTEN: `unix:${join(folder, 'bridge.sock')}`,
        USERREF_BRIDGE_POLL_SECONDS: String(userref.pollSeconds ?? 5),
        USERREF_LOG_LEVEL: 'error',
      },
    }),
  );
  const constants = {
    USERREF_BRIDGE: running.address,
    USERREF_BRIDGE_SECRET: bridgeSecret,
    USERREF_ISSUER: userref.issuer,
    USERREF_SITE: userref.site,
    USERREF_WEBHOOK_SECRET: userref.webhookSecret,
  };
  return { running, constants };
}
