import type { CoreConnector } from '../discovery/core-connection.ts';
import { UserrefError } from '../errors/userref-error.ts';
import type { Transport } from '../transport/transport.ts';

/** Reads the JWK set at the address that the discovery document names, never one from a token. */
export async function fetchKeys(connector: CoreConnector, transport: Transport): Promise<unknown> {
  const { jwksUri } = await connector.connect();
  const response = await transport(jwksUri, {
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  if (response.status !== 200) {
    throw new UserrefError('network_failed', { detail: `The key set answered with ${response.status}.` });
  }
  return response.json().catch((cause: unknown) => {
    throw new UserrefError('network_failed', { detail: 'The key set is no JSON.', cause });
  });
}
