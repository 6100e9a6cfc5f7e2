import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readBridgeSettings, startBridge } from '@userref/php-bridge';
import { serveFakeCore } from '@userref/sdk-core/testing';
import { type Serving, serve } from './serve.ts';

export interface PhpBridgeConfig {
  /** For the socket. */
  readonly folder: string;
}

/** One bridge at two addresses, as PHP's settings name them. */
export interface PhpBridges {
  readonly socket: string;
  readonly tcp: string;
  readonly secret: string;
}

/** The core answers once, for its keys; no call that is measured reaches it. */
serve(async ({ folder }: PhpBridgeConfig): Promise<Serving<PhpBridges>> => {
  const { core, stop } = await serveFakeCore();
  const secret = randomBytes(32).toString('base64url');
  const environment = {
    USERREF_ISSUER: core.issuer,
    USERREF_SITE: core.site,
    USERREF_SITE_SECRET: core.siteSecret,
    USERREF_BASE_URL: 'http://localhost:9',
    USERREF_SESSION_SECRET: randomBytes(32).toString('base64url'),
    USERREF_BRIDGE_SECRET: secret,
    USERREF_BRIDGE_POLL_SECONDS: '0',
    // Stdout of a child is where people read how the bench gets on.
    USERREF_LOG_LEVEL: 'warn',
  };
  const listen = (address: string) =>
    startBridge(readBridgeSettings({ environment: { ...environment, USERREF_BRIDGE_LISTEN: address } }));
  const bridges = [await listen(`unix:${join(folder, 'bridge.sock')}`), await listen('127.0.0.1:0')];
  const [socket = '', tcp = ''] = bridges.map(({ address }) => address);
  return {
    ready: { socket, tcp, secret },
    async stop() {
      for (const bridge of bridges) await bridge.stop();
      await stop();
    },
  };
});
