import type { PurposeText } from '../../wall/region-cell.ts';
import type { Site } from './site.ts';
import type { SiteRepository, SiteWithPurposes } from './site-repository.ts';

/** How long another process's change to a site may go unseen here. */
const FRESH_MS = 5_000;
/** Unknown ids are remembered too, so that guessing them does not reach the database. */
const MAX_ENTRIES = 2_000;

interface Entry {
  readonly loadedAt: number;
  readonly site: Promise<SiteWithPurposes | undefined>;
}

/**
 * Sites by id, for the request path. One login looks a site up some twenty times; this answers from memory,
 * at most five seconds old, and at once after a change made in this process.
 */
export class SiteDirectory {
  readonly #repository: SiteRepository;
  readonly #tenantId: string;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(options: { repository: SiteRepository; tenantId: string; now?: () => number }) {
    this.#repository = options.repository;
    this.#tenantId = options.tenantId;
    this.#now = options.now ?? Date.now;
  }

  async find(siteId: string): Promise<Site | undefined> {
    return (await this.#load(siteId))?.site;
  }

  /** The newest version of the purpose, if the site has it. */
  async findPurpose(siteId: string, purposeId: string): Promise<PurposeText | undefined> {
    return (await this.#load(siteId))?.purposes.find((one) => one.purposeId === purposeId);
  }

  /** To be called after every change of the site. */
  forget(siteId: string): void {
    this.#entries.delete(siteId);
  }

  #load(siteId: string): Entry['site'] {
    const known = this.#entries.get(siteId);
    if (known && this.#now() - known.loadedAt < FRESH_MS) return known.site;
    const entry: Entry = { loadedAt: this.#now(), site: this.#read(siteId) };
    entry.site.catch(() => this.#entries.delete(siteId));
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value as string);
    this.#entries.set(siteId, entry);
    return entry.site;
  }

  async #read(siteId: string) {
    if (!/^[a-z0-9][a-z0-9-]{2,62}$/.test(siteId)) return undefined;
    return this.#repository.find(this.#tenantId, siteId);
  }
}
