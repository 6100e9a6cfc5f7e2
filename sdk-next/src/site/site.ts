import { UserrefError } from '@userref/sdk-core';
import { type Adapter, type AdapterOptions, createAdapter } from '@userref/sdk-core/adapter';
import { LANGUAGES } from '@userref/sdk-core/languages';
import { type Addresses, isBasePath, ownTargetOf, pathsBelow, sessionPathBeside } from './addresses.ts';
import { fromEnvironment } from './from-environment.ts';
import type { GivenOptions, OptionsSource } from './options.ts';
import { processWideStore } from './process-wide-store.ts';

/** The configured site. */
export interface Site<Render = unknown> extends Addresses {
  readonly adapter: Adapter;
  /** How the site shows errors of the SDK itself. */
  readonly renderError: Render | undefined;
  readonly sessionPath: string;
  /** Whether a path is for signed-in visitors only. */
  isProtected(pathname: string): boolean;
}

/**
 * Gives the site from the first request on. Nothing is looked at before: `next build` has no secrets, and
 * needs none.
 * @throws UserrefError `config_invalid`, naming every option that is wrong
 */
export type LazySite<Render = unknown> = () => Site<Render>;

export function lazySite<Render>(source: OptionsSource<Render>, folder = '/userref'): LazySite<Render> {
  let site: Site<Render> | undefined;
  return () => {
    site ??= createSite({ ...fromEnvironment(), ...definedOnly(optionsOf(source)) }, folder);
    return site;
  };
}

function createSite<Render>(given: GivenOptions<Render>, folder: string): Site<Render> {
  const { protect = [], basePath = '', sessionPath, renderError, languages = LANGUAGES, ...rest } = given;
  if (renderError !== undefined && typeof renderError !== 'function')
    throw wrong('renderError must be a function');
  if (!isBasePath(basePath)) throw wrong('basePath must be a path such as /docs');
  const paths = { ...pathsBelow(basePath + folder), ...rest.paths };
  const options = { ...storeFor(rest), ...rest, paths, languages, ...uncachedFetch(rest) } as AdapterOptions;
  const adapter = createAdapter(options);
  if (!Object.values(adapter.userref.paths).every((path) => path.startsWith(`${basePath}/`))) {
    throw wrong(`paths must begin with ${basePath}, the basePath`);
  }
  const session = sessionPath ?? sessionPathBeside(adapter.userref.paths);
  return {
    adapter,
    renderError,
    sessionPath: session,
    basePath,
    ownTarget: (target) => ownTargetOf(target, (path) => adapter.owns(path) || path === session),
    isProtected: (pathname) => protect.some((path) => isWithin(decoded(pathname), path)),
  };
}

function wrong(detail: string): UserrefError {
  return new UserrefError('config_invalid', { detail });
}

/** What both routers give alike. */
type CoreOptions = Omit<GivenOptions, 'renderError'>;

function storeFor({ issuer, site, clock }: CoreOptions): CoreOptions {
  if (typeof issuer !== 'string' || typeof site !== 'string') return {};
  return { revocations: processWideStore({ issuer, site }, clock) };
}

/** Next.js can keep answers to `fetch` on disk. Nothing of ours may lie there: neither values nor tokens. */
function uncachedFetch({ fetch: own }: CoreOptions): CoreOptions {
  if (own !== undefined && typeof own !== 'function') return {};
  return { fetch: (input, init) => (own ?? globalThis.fetch)(input, { ...init, cache: 'no-store' }) };
}

function optionsOf<Render>(source: OptionsSource<Render>): GivenOptions<Render> {
  return typeof source === 'function' ? source() : source;
}

/** `siteSecret: process.env.…` may be `undefined`, and then is not given. */
function definedOnly<Render>(options: GivenOptions<Render>): GivenOptions<Render> {
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
