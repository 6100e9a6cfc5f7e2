import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MariaDatabase } from './maria-database.ts';
import { versionOf, wordPressSource } from './requirements.ts';
import { databaseName, keyNames } from './wordpress-config.ts';
import type { PhpConstants } from './wordpress-site.ts';
import { installedDatabase, layWordPress, templateUrl } from './wordpress-template.ts';

/** What a site keeps between starts, next to its files and its database. */
export interface SiteRecord {
  /** The address that its database knows. */
  readonly url: string;
  readonly isNetwork: boolean;
  readonly adminPassword: string;
  readonly keys: PhpConstants;
  /** Whether the options' `setUp` has run. */
  readonly isSetUp: boolean;
}

/** Everything of one site is below one folder. */
export class SiteFolder {
  readonly folder: string;
  readonly root: string;
  readonly database: string;
  readonly logs: string;

  constructor(folder: string) {
    this.folder = folder;
    this.root = join(folder, 'root');
    this.database = join(folder, 'database');
    this.logs = join(folder, 'logs');
  }

  get isNew(): boolean {
    return !existsSync(this.#recordFile);
  }

  read(): SiteRecord {
    return JSON.parse(readFileSync(this.#recordFile, 'utf8')) as SiteRecord;
  }

  write(record: SiteRecord): void {
    writeFileSync(this.#recordFile, JSON.stringify(record), { mode: 0o600 });
  }

  get #recordFile(): string {
    return join(this.folder, 'site.json');
  }

  /** On the first start lays files and database; afterwards brings the files to Debian's version. */
  async lay({ isNetwork }: { readonly isNetwork: boolean }): Promise<void> {
    mkdirSync(this.logs, { recursive: true });
    // Open to the user that the database runs as.
    chmodSync(this.folder, 0o711);
    if (versionOf(this.root) !== versionOf(wordPressSource)) await layWordPress(this.root);
    if (!this.isNew) return;
    const template = await installedDatabase({ isNetwork });
    rmSync(this.database, { recursive: true, force: true });
    cpSync(template, join(this.database, 'data'), { recursive: true });
    this.write({
      url: templateUrl,
      isNetwork,
      isSetUp: false,
      adminPassword: randomBytes(18).toString('base64url'),
      keys: Object.fromEntries(keyNames.map((name) => [name, randomBytes(48).toString('base64')])),
    });
  }

  /** Lays a fresh copy in `wp-content/<place>`: what WordPress then deletes or changes is a copy. */
  layCopy(source: string, { place, name = basename(source) }: { place: string; name?: string }): void {
    const target = join(this.root, 'wp-content', place, name);
    rmSync(target, { recursive: true, force: true });
    cpSync(source, target, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  }
}

/** Gives the site in the database another address, and the administrator the password of the record. */
export async function nameSite(database: MariaDatabase, record: SiteRecord, url: string): Promise<void> {
  const [from, to] = [new URL(record.url), new URL(url)];
  const swap = (column: string) => `${column} = replace(${column}, '${from.origin}', '${to.origin}')`;
  const statements = [
    `update wp_options set ${swap('option_value')} where option_name in ('siteurl', 'home')`,
    `update wp_posts set ${swap('guid')}, ${swap('post_content')}`,
    `update wp_users set ${swap('user_url')}, user_pass = md5('${record.adminPassword}') where ID = 1`,
    ...(record.isNetwork
      ? [
          `update wp_site set domain = '${to.host}'`,
          `update wp_blogs set domain = '${to.host}'`,
          `update wp_usermeta set meta_value = '${to.host}' where meta_key = 'source_domain'`,
          `update wp_sitemeta set ${swap('meta_value')} where meta_key = 'siteurl'`,
        ]
      : []),
  ];
  await database.run(statements.join(';\n'), databaseName);
}
