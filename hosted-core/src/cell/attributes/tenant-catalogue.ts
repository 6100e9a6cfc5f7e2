import { describeError, type Logger } from '../../observability/logger.ts';
import type { AttributeEntry } from '../../wall/catalogue.ts';
import type { CoreGateway } from '../../wall/core-gateway.ts';
import type { AttributeCatalogue } from '../vault/attribute-catalogue.ts';

export interface TenantCatalogueOptions {
  readonly core: Pick<CoreGateway, 'tenantAttributes'>;
  readonly catalogue: AttributeCatalogue;
  readonly tenantId: string;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** How long a publication may go unseen here. */
const FRESH_MS = 5_000;

/**
 * Keeps the cell's catalogue in step with what the operator publishes at the core. While the core is away, what
 * was learned last stays; an attribute that was never learned is unknown, and so is neither stored nor released.
 */
export class TenantCatalogue {
  readonly #options: TenantCatalogueOptions;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(options: TenantCatalogueOptions) {
    this.#options = options;
  }

  get catalogue(): AttributeCatalogue {
    return this.#options.catalogue;
  }

  /** To be awaited before names are looked up. Costs nothing while what is known is fresh. */
  async refresh(): Promise<void> {
    if (this.#options.now().getTime() - this.#loadedAt < FRESH_MS) return;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
  }

  /** The definition; `undefined` for names that nobody defined. */
  find(name: string): AttributeEntry | undefined {
    const { catalogue } = this.#options;
    return catalogue.has(name) ? catalogue.find(name) : undefined;
  }

  /** All, the default catalogue first. */
  list(): AttributeEntry[] {
    return this.#options.catalogue.list();
  }

  async #load(): Promise<void> {
    const { core, catalogue, tenantId, logger, now } = this.#options;
    try {
      catalogue.learn(await core.tenantAttributes({ tenantId }));
    } catch (error) {
      logger.warn({ err: describeError(error) }, 'the core could not list the attributes of the operator');
    }
    this.#loadedAt = now().getTime();
  }
}
