import { BlockList, isIP } from 'node:net';

/**
 * Where outbound requests may go.
 * - `public`: https to public unicast addresses. For everything that a site or a stranger may name.
 * - `public-and-loopback`: the same, and http or https to this machine. For development and tests.
 * - `any`: http or https to any address and port. Only for addresses that the operator wrote into the
 *   configuration, such as an upstream sign-in in a private network.
 */
export type OutboundPolicy = 'public' | 'public-and-loopback' | 'any';

type Subnet = readonly [network: string, prefix: number];

/**
 * IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast, the reserved class E and one cloud
 * provider's metadata service that lives on a public address.
 */
const SPECIAL_IPV4: readonly Subnet[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure platform service
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // IETF protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // 6to4 relay
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarking
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

/** All of IPv6 that is ever global unicast; mapped, NAT64, ULA, link-local, multicast lie outside. */
const GLOBAL_IPV6: Subnet = ['2000::', 3];

/** Special blocks inside {@link GLOBAL_IPV6}; several carry an IPv4 address that would escape the check above. */
const SPECIAL_IPV6: readonly Subnet[] = [
  ['2001::', 23], // IETF protocol assignments: Teredo, ORCHID, benchmarking
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
];

const specialIpv4 = blockList('ipv4', SPECIAL_IPV4);
const globalIpv6 = blockList('ipv6', [GLOBAL_IPV6]);
const specialIpv6 = blockList('ipv6', SPECIAL_IPV6);
const loopbackIpv4 = blockList('ipv4', [['127.0.0.0', 8]]);

/**
 * Whether a socket may be opened to this address. Fails closed: text that is not plainly one address,
 * an address with a zone, an IPv4 address in IPv6 clothes are all refused, even as loopback.
 * @param protocol with `public-and-loopback`, plain `http:` goes to loopback only
 */
export function isAddressAllowed(address: string, policy: OutboundPolicy, protocol: string): boolean {
  if (policy === 'any') return isIP(address) !== 0;
  if (policy === 'public-and-loopback' && isLoopbackAddress(address)) return true;
  return protocol === 'https:' && isPublicAddress(address);
}

/** A globally reachable unicast address that belongs to no special block. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !specialIpv4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return false;
  return globalIpv6.check(address, 'ipv6') && !specialIpv6.check(address, 'ipv6');
}

/** `127.0.0.0/8` or `::1`. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) === 4 ? loopbackIpv4.check(address, 'ipv4') : address === '::1';
}

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
