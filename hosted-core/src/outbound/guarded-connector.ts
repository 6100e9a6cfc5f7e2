import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isAddressAllowed, type OutboundPolicy } from './address-policy.ts';
import { OutboundError } from './outbound-error.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Resolves a name to all of its addresses. */
export type ResolveName = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The system's resolver, as every other program on this machine sees names. */
export const resolveWithSystem: ResolveName = (hostname) => systemLookup(hostname, { all: true });

/**
 * Resolves once and checks every address; one forbidden address refuses the name. The caller connects
 * to what it gets back and to nothing else, so a name that answers differently the next time (DNS
 * rebinding) gains nothing.
 * @throws OutboundError `address_not_allowed` `name_not_resolved`
 */
export async function resolveAllowed(
  hostname: string,
  options: { policy: OutboundPolicy; protocol: string; resolveName: ResolveName },
): Promise<ResolvedAddress[]> {
  const family = isIP(hostname);
  const addresses =
    family === 0 ? await resolve(hostname, options.resolveName) : [{ address: hostname, family }];
  if (addresses.length === 0) throw new OutboundError('name_not_resolved');
  for (const { address } of addresses) {
    if (!isAddressAllowed(address, options.policy, options.protocol))
      throw new OutboundError('address_not_allowed');
  }
  return [...addresses];
}

/** A connector that has its addresses checked before the socket exists, and pins them. */
export function guardedConnector(options: {
  policy: OutboundPolicy;
  timeoutMs: number;
  resolveName: ResolveName;
}): buildConnector.connector {
  const { policy, timeoutMs, resolveName } = options;
  return (target, callback) => {
    resolveAllowed(target.hostname, { policy, protocol: target.protocol, resolveName }).then(
      (addresses) => pinnedConnector(addresses, timeoutMs)(target, callback),
      (error: Error) => callback(error, null),
    );
  };
}

function pinnedConnector(addresses: readonly ResolvedAddress[], timeoutMs: number): buildConnector.connector {
  const lookup: LookupFunction = (_hostname, lookupOptions, done) => {
    const [first] = addresses;
    if (first === undefined) return done(new OutboundError('name_not_resolved'), '', 0);
    if (lookupOptions.all) return done(null, [...addresses]);
    done(null, first.address, first.family);
  };
  return buildConnector({ lookup, timeout: timeoutMs, allowH2: false, maxCachedSessions: 0 });
}

async function resolve(hostname: string, resolveName: ResolveName): Promise<readonly ResolvedAddress[]> {
  try {
    return await resolveName(hostname);
  } catch (cause) {
    throw new OutboundError('name_not_resolved', { cause });
  }
}
