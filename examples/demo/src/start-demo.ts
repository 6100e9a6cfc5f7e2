import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createShop, type Shop } from '@userref/example-express-shop';
import {
  type DevelopmentEnvironment,
  type DevelopmentSite,
  ensureDevelopmentSites,
  type SamplePerson,
  startDevelopmentEnvironment,
} from '@userref/hosted-core/development';
import { type CanaryPlace, searchForCanaries } from './canary/search.ts';
import { type MoreShop, startMoreShop, type WantedShop } from './more-shops.ts';
import { startNextShop } from './next-shop.ts';
import { createTour } from './tour/tour.ts';
import { followAuditLog } from './tour-events.ts';
import { createWitness } from './witness.ts';

export interface DemoPorts {
  readonly core: number;
  readonly cell: number;
  readonly signIn: number;
  readonly shopA: number;
  readonly shopB: number;
  readonly tour: number;
}

export interface DemoOptions {
  /** Everything that the demo keeps. */
  readonly dataDir: string;
  readonly ports: DemoPorts;
  readonly onProgress?: (step: string) => void;
  readonly nodeEnv?: string | undefined;
  /** `next` takes the Next shop for shop A. Default: two Express shops. */
  readonly with?: 'next' | undefined;
  /** Started besides, each on its port. */
  readonly moreShops?: readonly WantedShop[];
}

export interface Demo {
  readonly environment: DevelopmentEnvironment;
  readonly shops: readonly DemoShop[];
  readonly people: readonly SamplePerson[];
  readonly accountUrl: string;
  readonly tourUrl: string;
  /** The shops' databases and logs. */
  readonly places: readonly CanaryPlace[];
  stop(): Promise<void>;
}

export type DemoShop = Pick<MoreShop, 'name' | 'url' | 'site' | 'note'>;

const BRANDS = [
  { brand: 'kettle-and-leaf', site: 'shop-a', name: 'Kettle & Leaf' },
  { brand: 'paper-lantern', site: 'shop-b', name: 'Paper Lantern' },
] as const;
const ATTRIBUTES = ['address:shipping', 'contact:email', 'profile:name'];

/** Starts the core with everything around it, both shops and the tour. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { dataDir, ports, onProgress = () => {} } = options;
  const logs = join(dataDir, 'logs');
  mkdirSync(logs, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const environment = await startDevelopmentEnvironment({
      dataDir,
      ports,
      nodeEnv: options.nodeEnv,
      onProgress,
      logLevel: 'info',
      logStream: createWriteStream(join(logs, 'core.log'), { flags: 'a', mode: 0o600 }),
    });
    stops.push(() => environment.stop());
    onProgress('starting the shops');
    const wishes = BRANDS.map(({ site, name }, index) => ({
      ...{ site, name, url: shopUrl(ports, index) },
      attributes: ATTRIBUTES,
    }));
    const sites = await ensureDevelopmentSites(environment, { file: join(dataDir, 'shops.json'), wishes });
    const shops = await Promise.all(
      sites.map((site, index) => startShop(options, environment, { site, index })),
    );
    for (const { shop } of shops) stops.push(() => shop.close());
    const tour = await startTour(options, environment, { sites, shops });
    stops.push(() => tour.close());
    const more: MoreShop[] = [];
    for (const wanted of options.moreShops ?? []) {
      onProgress(`starting the shop ${wanted.word}`);
      const shop = await startMoreShop(wanted, { environment, dataDir, attributes: ATTRIBUTES, onProgress });
      stops.push(() => shop.stop());
      more.push(shop);
    }
    return {
      environment,
      shops: [...wishes, ...more],
      people: environment.people,
      accountUrl: `${environment.settings.cell.url}/account`,
      tourUrl: tour.url,
      places: [...placesOf(shops), ...more.flatMap(({ places }) => places)],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface RunningShop {
  readonly shop: Shop;
  readonly databaseFile: string;
  readonly logFile: string;
}

async function startShop(
  { dataDir, ports, with: kind }: DemoOptions,
  { settings }: DevelopmentEnvironment,
  { site, index }: { site: DevelopmentSite; index: number },
): Promise<RunningShop> {
  const databaseFile = join(dataDir, `${site.site}.sqlite`);
  const logFile = join(dataDir, 'logs', `${site.site}.log`);
  const port = index === 0 ? ports.shopA : ports.shopB;
  const baseUrl = shopUrl(ports, index);
  const options = { ...site, port, baseUrl, issuer: settings.core.url, databaseFile, logFile };
  const brand = BRANDS[index]?.brand ?? BRANDS[0].brand;
  const isNext = kind === 'next' && index === 0;
  const shop = await (isNext ? startNextShop(options) : createShop({ ...options, brand }));
  return { shop, databaseFile, logFile };
}

async function startTour(
  { ports }: DemoOptions,
  environment: DevelopmentEnvironment,
  { sites, shops }: { sites: readonly DevelopmentSite[]; shops: readonly RunningShop[] },
) {
  const { settings, adminDatabaseUrl, people } = environment;
  const [siteA, siteB] = sites as [DevelopmentSite, DevelopmentSite];
  const witness = createWitness({
    adminDatabaseUrl,
    issuer: settings.core.url,
    cell: settings.cell.url,
    shopA: { ...siteA, databaseFile: shops[0]?.databaseFile ?? '' },
    siteB: siteB.site,
  });
  const log = followAuditLog({ adminDatabaseUrl, sites: [siteA.site, siteB.site], witness });
  const tour = await createTour({
    port: ports.tour,
    shops: [
      { name: BRANDS[0].name, url: shopUrl(ports, 0) },
      { name: BRANDS[1].name, url: shopUrl(ports, 1) },
    ],
    accountUrl: `${settings.cell.url}/account`,
    people: people.map(({ name }) => ({ name })),
    events: log.events,
    runCanarySearch: ({ cookies }) =>
      searchForCanaries({
        canaries: canariesOf(people),
        places: [...placesOf(shops), { name: 'Cookies of this browser', kind: 'cookies', bytes: cookies }],
      }),
  });
  return {
    url: tour.url,
    async close() {
      await tour.close();
      await log.close();
    },
  };
}

/** Every value that the vault knows about the sample people and that is long enough to be nobody else's. */
export function canariesOf(people: readonly SamplePerson[]): string[] {
  return people.flatMap((person) => [
    person.name,
    person.given_name,
    person.family_name,
    person.email,
    person.phone_number,
    person.birthdate,
    person.address.street_address,
    person.address.locality,
    person.address.postal_code,
    person.sub,
  ]);
}

function placesOf(shops: readonly RunningShop[]): CanaryPlace[] {
  return shops.flatMap(({ databaseFile, logFile }, index) => {
    const name = BRANDS[index]?.name ?? '';
    return [
      { name: `${name}: database`, kind: 'sqlite' as const, file: databaseFile },
      { name: `${name}: log`, kind: 'log' as const, file: logFile },
    ];
  });
}

function shopUrl(ports: DemoPorts, index: number): string {
  return `http://localhost:${index === 0 ? ports.shopA : ports.shopB}`;
}
