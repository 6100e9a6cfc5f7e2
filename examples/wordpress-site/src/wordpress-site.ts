import type { PhpSiteOptions } from '@userref/example-php-shop';
import type { RunningBridge } from '@userref/php-bridge';

export type PhpConstants = Readonly<Record<string, string | number | boolean>>;

export interface WordPressOptions {
  /** Kept between starts: files, database, logs. Whoever the database runs as must be able to walk to it. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Folders of plug-ins; each is copied to `wp-content/plugins` under its own name and activated. */
  readonly plugins?: readonly string[];
  /** Folders of themes, copied to `wp-content/themes`. */
  readonly themes?: readonly string[];
  /** PHP files that WordPress always loads (`wp-content/mu-plugins`). */
  readonly mustUsePlugins?: readonly string[];
  /** Set in `wp-config.php`, before or instead of those that are set anyway. */
  readonly constants?: PhpConstants;
  /** A network of sites in folders. The first start decides. Default: one site. */
  readonly isMultisite?: boolean;
  /** Starts the bridge, sets the plug-in's constants and activates it. Default: WordPress and MariaDB alone. */
  readonly userref?: UserrefOfSite;
  /** Runs once, on the first start, after the plug-ins were activated: PHP without its opening tag. */
  readonly setUp?: string;
  readonly onProgress?: (step: string) => void;
}

/** What the bridge is started with, and the plug-in. */
export interface UserrefOfSite extends Omit<PhpSiteOptions, 'dataDir' | 'port'> {
  /** Folder of the plug-in. Default: its sources in this repository, with the client beside them. */
  readonly plugin?: string;
}

export interface WordPressSite {
  /** `http://localhost:<port>`, without a slash at the end. */
  readonly url: string;
  readonly admin: { readonly login: string; readonly password: string };
  /** The options' `dataDir`. */
  readonly folder: string;
  /** ABSPATH. */
  readonly root: string;
  /** `mail` holds the mails that were sent. */
  readonly logs: {
    readonly debug: string;
    readonly php: string;
    readonly mail: string;
    readonly database: string;
  };
  readonly bridge: RunningBridge | undefined;
  /** The whole database as SQL. */
  databaseDump(): Promise<Buffer>;
  /** Runs SQL in the database of WordPress; gives what it prints, tab-separated and without heads. */
  sql(statement: string): Promise<string>;
  /**
   * Runs PHP (without an opening tag) within WordPress, as `wp eval` would, and gives what it prints. `url`: which
   * site of a network. @throws Error with all that it printed, when it fails
   */
  evaluate(php: string, options?: { readonly url?: string }): Promise<string>;
  /** Changes constants of `wp-config.php` from the next request on; `null` takes one away. */
  setConstants(constants: Readonly<Record<string, string | number | boolean | null>>): void;
  restartPhp(): Promise<void>;
  /** Ends PHP, bridge and database; the folder stays. */
  stop(): Promise<void>;
}
