import { chmodSync, chownSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { BridgeSettings } from '../settings/bridge-settings.ts';
import { claimSocket, groupNumber } from './claim-socket.ts';
import { type BridgeOptions, createBridge } from './create-bridge.ts';
import { createBridgeSecrets } from './gate.ts';

/** A bridge that listens. */
export interface RunningBridge {
  /** As PHP's `bridge` setting takes it: `unix:/path` or `http://127.0.0.1:port`. */
  readonly address: string;
  /** Takes other bridge secrets than those that it was started with, from the next call on. */
  replaceSecrets(secrets: readonly string[]): void;
  /** Waits for calls that have begun. */
  stop(): Promise<void>;
}

const OWNER_AND_GROUP = 0o660;
/** Taken away from a new socket, so that it is open to nobody before its group is set. */
const OWNER_ONLY_UMASK = 0o177;

/** Starts the bridge and resolves when it listens. The core need not be there: it is asked when needed. */
export async function startBridge(
  settings: BridgeSettings,
  options: BridgeOptions = {},
): Promise<RunningBridge> {
  const secrets = createBridgeSecrets(settings.secrets);
  const app = createBridge(settings, { secrets, ...options });
  return {
    address: await listen(app, settings).catch(async (error: unknown) => {
      // Half of it would go on: a socket that PHP may not open.
      await app.close();
      throw error;
    }),
    replaceSecrets: (others) => (options.secrets ?? secrets).replace(others),
    stop: () => app.close(),
  };
}

async function listen(app: FastifyInstance, { listen: at, socketGroup }: BridgeSettings): Promise<string> {
  if (at.kind === 'tcp') {
    await app.listen({ host: at.host, port: at.port });
    const { port } = app.server.address() as AddressInfo;
    return `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`;
  }
  await claimSocket(at.path);
  const umask = process.umask(OWNER_ONLY_UMASK);
  try {
    await app.listen({ path: at.path });
  } finally {
    process.umask(umask);
  }
  if (socketGroup !== undefined) chownSync(at.path, process.getuid?.() ?? 0, groupNumber(socketGroup));
  chmodSync(at.path, OWNER_AND_GROUP);
  return `unix:${at.path}`;
}
