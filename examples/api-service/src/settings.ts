import type { UserrefOptions } from '@userref/sdk-core';

/** What an API must know to check passports. */
export interface Issuer {
  /** The hosted core, exactly as its discovery document says. */
  readonly issuer: string;
  /** The site that the passports are for. */
  readonly site: string;
}

/**
 * An API signs nobody in: it has no secret, seals no cookie and is at no address of a browser. The SDK wants
 * these options for those who do.
 */
const NOT_USED_BY_AN_API: Omit<UserrefOptions, keyof Issuer> = {
  siteSecret: 'not-used-by-an-api',
  sessionSecret: 'not used by an API, which seals no cookie',
  baseUrl: 'http://localhost',
};

export function optionsForApi({ issuer, site }: Issuer): UserrefOptions {
  return { ...NOT_USED_BY_AN_API, issuer, site };
}

/** Variables of the environment; the process ends when one is missing. */
export function fromEnvironment<Name extends string>(...names: readonly Name[]): Record<Name, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    process.stderr.write(`missing in the environment: ${missing.join(', ')}\n`);
    process.exit(1);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<Name, string>;
}

/** A port from the environment; the process ends when it is none. */
export function portFromEnvironment(name: string, standard: number): number {
  const port = Number(process.env[name] ?? standard);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  process.stderr.write(`${name} must be a port, from 0 to 65535\n`);
  process.exit(1);
}
