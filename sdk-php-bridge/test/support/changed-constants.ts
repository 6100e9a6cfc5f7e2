import type { WordPressSite } from '../../../examples/wordpress-site/src/index.ts';
import type { TestWordPress } from './wordpress.ts';

type Constants = Parameters<WordPressSite['setConstants']>[0];

const OF_THE_SITE = [
  'USERREF_BRIDGE',
  'USERREF_BRIDGE_SECRET',
  'USERREF_ISSUER',
  'USERREF_SITE',
  'USERREF_WEBHOOK_SECRET',
];

/** Constants of wp-config.php that one test changes, and the way back. */
export class ChangedConstants {
  readonly #site: WordPressSite;
  /** Those that the site was started with. */
  readonly original: Readonly<Record<string, string>>;
  #changed: Record<string, string | null> = {};

  private constructor(site: WordPressSite, original: Readonly<Record<string, string>>) {
    this.#site = site;
    this.original = original;
  }

  static async of(wordpress: TestWordPress): Promise<ChangedConstants> {
    const names = JSON.stringify(OF_THE_SITE);
    const php = `$names = json_decode('${names}'); return array_combine($names, array_map('constant', $names));`;
    return new ChangedConstants(wordpress.site, await wordpress.ask(php));
  }

  set(constants: Constants): void {
    for (const name of Object.keys(constants)) this.#changed[name] = this.original[name] ?? null;
    this.#site.setConstants(constants);
  }

  undo(): void {
    this.#site.setConstants(this.#changed);
    this.#changed = {};
  }
}
