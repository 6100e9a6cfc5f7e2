import { createHash, timingSafeEqual } from 'node:crypto';
import { UserrefError } from '@userref/sdk-core';
import type { FastifyRequest } from 'fastify';

/** What PHP may show; any of them. */
export interface BridgeSecrets {
  /** Takes the place of those before, while the bridge runs. */
  replace(secrets: readonly string[]): void;
  digests(): readonly Buffer[];
}

export function createBridgeSecrets(secrets: readonly string[]): BridgeSecrets {
  let digests = secrets.map(digest);
  return {
    replace(others) {
      digests = others.map(digest);
    },
    digests: () => digests,
  };
}

/**
 * Who may ask: a request for this machine (a page of a browser cannot forge the `Host` of a DNS name that was
 * turned to the loopback), with one of the secrets. The socket's mode is no replacement for the secret.
 * @throws UserrefError `forbidden`, `bridge_unauthorized`
 */
export function createGate({
  secrets,
  hosts,
}: {
  readonly secrets: BridgeSecrets;
  readonly hosts: readonly string[];
}): (request: FastifyRequest) => void {
  return (request) => {
    const { authorization = '', origin } = request.headers;
    const [host = '', ...others] = request.raw.headersDistinct.host ?? [];
    // A target with a host of its own stands above `Host` (RFC 9112 §3.2.2).
    const isForUs =
      hosts.includes(nameOf(host)) && others.length === 0 && request.originalUrl.startsWith('/');
    if (!isForUs || origin !== undefined) {
      throw new UserrefError('forbidden', { detail: 'The bridge does not answer to this host.' });
    }
    const shown = digest(/^Bearer ([\x21-\x7e]+)$/.exec(authorization)?.[1] ?? '');
    // All are compared, so that the time does not tell which one fits.
    const fits = secrets.digests().map((known) => timingSafeEqual(known, shown));
    if (!fits.includes(true)) throw new UserrefError('bridge_unauthorized');
  };
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
