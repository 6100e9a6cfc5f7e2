import { isIP } from 'node:net';
import { isAddressAllowed, type OutboundPolicy } from './address-policy.ts';
import { OutboundError } from './outbound-error.ts';

/**
 * Services above port 1023 that understand, or are confused by, what an HTTP client sends: databases,
 * queues, caches, container and cluster control, remote desktops, file servers.
 */
const DENIED_PORTS = new Set([
  1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5900, 6379, 6443, 9042, 9092, 9200, 9300,
  10250, 11211, 27017,
]);

/**
 * Decides by the address alone, before any name is resolved: http or https (`public`: https only), no
 * user and password, port 80, 443 or 1024 and above without {@link DENIED_PORTS} (`any`: every port), and
 * no literal address that the policy forbids. Decimal, octal, hexadecimal and short forms of IPv4 are
 * normalised by the URL parser before the check (WHATWG URL §3.5).
 * @throws OutboundError
 */
export function checkOutboundUrl(input: string | URL, policy: OutboundPolicy): URL {
  const url = parse(input);
  if (!isSchemeAllowed(url, policy)) throw new OutboundError('scheme_not_allowed');
  if (url.username !== '' || url.password !== '') throw new OutboundError('userinfo_not_allowed');
  if (policy !== 'any' && !isPortAllowed(portOf(url))) throw new OutboundError('port_not_allowed');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isAddressAllowed(literal, policy, url.protocol)) {
    throw new OutboundError('address_not_allowed');
  }
  return url;
}

function parse(input: string | URL): URL {
  try {
    return new URL(input);
  } catch {
    throw new OutboundError('url_malformed');
  }
}

function isSchemeAllowed(url: URL, policy: OutboundPolicy): boolean {
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && policy !== 'public';
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function isPortAllowed(port: number): boolean {
  return port === 80 || port === 443 || (port >= 1024 && !DENIED_PORTS.has(port));
}
