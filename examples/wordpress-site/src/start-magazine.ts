import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startWordPressSite } from './start-wordpress-site.ts';
import type { UserrefOfSite, WordPressOptions, WordPressSite } from './wordpress-site.ts';

export type MagazineOptions = UserrefOfSite & Pick<WordPressOptions, 'dataDir' | 'port' | 'onProgress'>;

export interface Magazine extends WordPressSite {
  /** Where the site keeps what it keeps; what is no file is read when it is looked at. */
  readonly places: readonly MagazinePlace[];
}

export type MagazinePlace =
  | { readonly name: string; readonly kind: 'log'; readonly file: string }
  | { readonly name: string; readonly kind: 'dump'; readonly read: () => Promise<Uint8Array> };

const MAGAZINE = join(import.meta.dirname, '..', 'magazine');

/** The sample site "Harbour & Hill": WordPress with bridge, plug-in, a theme and stories. @throws Error as {@link startWordPressSite} */
export async function startMagazine({
  dataDir,
  port,
  onProgress,
  ...userref
}: MagazineOptions): Promise<Magazine> {
  const site = await startWordPressSite({
    dataDir,
    userref,
    ...(port !== undefined && { port }),
    ...(onProgress && { onProgress }),
    plugins: [join(MAGAZINE, 'plugin', 'harbour-and-hill')],
    themes: [join(MAGAZINE, 'theme', 'harbour-and-hill')],
    setUp: `require '${join(MAGAZINE, 'content', 'content.php')}';`,
  });
  return { ...site, places: placesOf(site) };
}

function placesOf({ root, logs, databaseDump }: WordPressSite): MagazinePlace[] {
  const files = { ...logs, settings: join(root, 'wp-config.php') };
  const uploads = join(root, 'wp-content', 'uploads');
  return [
    { name: 'database dump', kind: 'dump', read: databaseDump },
    { name: 'uploads', kind: 'dump', read: async () => everythingBelow(uploads) },
    ...Object.entries(files).map(([name, file]) => ({ name, kind: 'log' as const, file })),
  ];
}

/** Names and contents of all files. */
export function everythingBelow(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Buffer.concat(files.flatMap((name) => [Buffer.from(`${name}\n`), readFileSync(join(folder, name))]));
}
