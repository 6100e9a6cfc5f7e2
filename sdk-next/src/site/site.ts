import { type Adapter, type AdapterOptions, createAdapter } from '@userref/sdk-core/adapter';
import { fromEnvironment } from './from-environment.ts';
import type { GivenOptions, OptionsSource } from './options.ts';
import { processWideStore } from './process-wide-store.ts';

/** The configured site. */
export interface Site {
  readonly adapter: Adapter;
  readonly sessionPath: string;
  /** Whether a path is for signed-in visitors only. */
  isProtected(pathname: string): boolean;
}

/**
 * Gives the site from the first request on. Nothing is looked at before: `next build` has no secrets, and
 * needs none.
 * @throws UserrefError `config_invalid`, naming every option that is wrong
 */
export type LazySite = () => Site;

export function lazySite(source: OptionsSource, defaults: GivenOptions = {}): LazySite {
  let site: Site | undefined;
  return () => {
    site ??= createSite({ ...defaults, ...fromEnvironment(), ...definedOnly(optionsOf(source)) });
    return site;
  };
}

function createSite({ protect = [], sessionPath, ...rest }: GivenOptions): Site {
  const options = { ...storeFor(rest), ...rest, ...uncachedFetch(rest) } as AdapterOptions;
  const adapter = createAdapter(options);
  return {
    adapter,
    sessionPath: sessionPath ?? adapter.userref.paths.login.replace(/[^/]*$/, 'session'),
    isProtected: (pathname) => protect.some((path) => isWithin(decoded(pathname), path)),
  };
}

function storeFor({ issuer, site, clock }: GivenOptions): GivenOptions {
  if (typeof issuer !== 'string' || typeof site !== 'string') return {};
  return { revocations: processWideStore({ issuer, site }, clock) };
}

/** Next.js can keep answers to `fetch` on disk. Nothing of ours may lie there: neither values nor tokens. */
function uncachedFetch({ fetch: own }: GivenOptions): GivenOptions {
  if (own !== undefined && typeof own !== 'function') return {};
  return { fetch: (input, init) => (own ?? globalThis.fetch)(input, { ...init, cache: 'no-store' }) };
}

function optionsOf(source: OptionsSource): GivenOptions {
  return typeof source === 'function' ? source() : source;
}

/** `siteSecret: process.env.…` may be `undefined`, and then is not given. */
function definedOnly(options: GivenOptions): GivenOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

/** As Next.js matches it to a page. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
