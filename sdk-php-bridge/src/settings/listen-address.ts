import { isIPv4, isIPv6 } from 'node:net';
import { isAbsolute } from 'node:path';

/** A unix socket, or a port that this machine alone can reach. */
export type ListenAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Longest path that every system accepts for a socket, in bytes. */
const MAX_SOCKET_PATH = 103;
const TCP = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)|(localhost)):(\d{1,5})$/;

/**
 * Where to listen, or why not there. Only what this machine alone can reach: whoever reaches the bridge and has
 * its secret signs in as anybody.
 */
export function parseListenAddress(text: string): ListenAddress | { readonly problem: string } {
  if (text.startsWith('unix:')) return parseSocket(text.slice('unix:'.length).replace(/^\/\/(?=\/)/, ''));
  const [, ipv6, ipv4, name, port = ''] = TCP.exec(text) ?? [];
  const host = name === undefined ? (ipv6 ?? ipv4) : '127.0.0.1';
  if (host === undefined || Number(port) > 65_535) {
    return { problem: 'must be unix:/path, 127.0.0.1:port or [::1]:port' };
  }
  if (!isLoopback(host)) {
    return {
      problem: 'must be a unix socket or a loopback address: other machines must not reach the bridge',
    };
  }
  return { kind: 'tcp', host, port: Number(port) };
}

function parseSocket(path: string): ListenAddress | { readonly problem: string } {
  if (!isAbsolute(path)) return { problem: 'must name the socket by its whole path, as unix:/run/…' };
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    return { problem: `must be a path of at most ${MAX_SOCKET_PATH} bytes` };
  }
  return { kind: 'unix', path };
}

function isLoopback(host: string): boolean {
  return (isIPv4(host) && host.startsWith('127.')) || (isIPv6(host) && host === '::1');
}
