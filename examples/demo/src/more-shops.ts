import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startLaravelShop } from '@userref/example-laravel-shop';
import { startPhpShop } from '@userref/example-php-shop';
import { missingPrograms, startMagazine } from '@userref/example-wordpress-site';
import {
  type DevelopmentEnvironment,
  type DevelopmentSite,
  ensureDevelopmentSites,
} from '@userref/hosted-core/development';
import type { CanaryPlace } from './canary/search.ts';

/** A shop beside the two of the tour, started when somebody asks for it by `--with`. */
export interface MoreShop {
  readonly name: string;
  readonly url: string;
  readonly site: string;
  /** Where it keeps what it keeps. */
  readonly places: readonly CanaryPlace[];
  /** For people, such as how to get into its back office. */
  readonly note?: string;
  stop(): Promise<void>;
}

interface Kind {
  /** Its port, counted from the demo's first. */
  readonly port: number;
  readonly site: string;
  readonly name: string;
  /** Scopes that it may ask for besides those of every shop. */
  readonly scopes?: readonly string[];
  /** What it needs and this machine does not have, in words. */
  readonly missing?: () => string | undefined;
  start(options: StartOptions): Promise<Pick<MoreShop, 'places' | 'note' | 'stop'>>;
}

type StartOptions = DevelopmentSite & {
  readonly dataDir: string;
  readonly port: number;
  readonly issuer: string;
  readonly onProgress: (step: string) => void;
};

/** Each by its word after `--with`. */
export const MORE_SHOPS = {
  php: {
    ...{ port: 12, site: 'shop-php', name: 'Copper & Salt' },
    async start(options) {
      const { databaseFile, stop } = await startPhpShop(options);
      return { places: [{ name: 'Copper & Salt: database', kind: 'sqlite', file: databaseFile }], stop };
    },
  },
  wordpress: {
    ...{ port: 13, site: 'site-wordpress', name: 'Harbour & Hill' },
    // For those who add WooCommerce to it.
    scopes: ['address:country', 'sealed'],
    missing: missingPrograms,
    async start(options) {
      const { places, admin, url, stop } = await startMagazine(options);
      return {
        places: places.map((place) => ({ ...place, name: `Harbour & Hill: ${place.name}` })),
        note: `WordPress; ${url}/wp-admin, ${admin.login}, password ${admin.password}`,
        stop,
      };
    },
  },
  laravel: {
    ...{ port: 14, site: 'shop-laravel', name: 'Moss & Thread', scopes: ['sealed'] },
    async start(options) {
      const { databaseFile, staffPassword, url, stop } = await startLaravelShop(options);
      return {
        places: [{ name: 'Moss & Thread: database', kind: 'sqlite', file: databaseFile }],
        note: `packing desk ${url}/packing, password ${staffPassword}`,
        stop,
      };
    },
  },
} as const satisfies Record<string, Kind>;

export type MoreShopWord = keyof typeof MORE_SHOPS;

export interface WantedShop {
  readonly word: MoreShopWord;
  readonly port: number;
}

/** What this machine lacks for a shop, in words; `undefined` when it may start. */
export function missingFor(word: MoreShopWord): string | undefined {
  const kind: Kind = MORE_SHOPS[word];
  return kind.missing?.();
}

/** Registers one more shop at the core, and starts it. */
export async function startMoreShop(
  { word, port }: WantedShop,
  {
    environment,
    dataDir,
    attributes,
    onProgress,
  }: {
    readonly environment: DevelopmentEnvironment;
    readonly dataDir: string;
    readonly attributes: readonly string[];
    readonly onProgress: (step: string) => void;
  },
): Promise<MoreShop> {
  const { site: siteId, name, scopes = [], start }: Kind = MORE_SHOPS[word];
  const url = `http://localhost:${port}`;
  const [site] = await ensureDevelopmentSites(environment, {
    file: join(dataDir, 'shops.json'),
    wishes: [{ site: siteId, name, url, attributes: [...attributes, ...scopes] }],
  });
  const folder = join(dataDir, `${word}-shop`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { url: issuer } = environment.settings.core;
  const started = await start({ ...(site as DevelopmentSite), dataDir: folder, port, issuer, onProgress });
  return { ...started, name, url, site: siteId };
}
