import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ReadAudit } from '../../../src/cell/attributes/read-audit.ts';
import { ReleaseAttributes } from '../../../src/cell/attributes/release-attributes.ts';
import type { KeyWrapper } from '../../../src/cell/kms/key-wrapper.ts';
import { openLocalKeyFile } from '../../../src/cell/kms/local-key-file.ts';
import { Vault } from '../../../src/cell/vault/vault.ts';
import { Database } from '../../../src/database/database.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import { prepareDatabase } from '../../../src/database/prepare-database.ts';
import { ATTRIBUTES, PURPOSE } from '../../children/contract.ts';
import type { Contender } from '../../measure/load.ts';
import type { SuiteContext } from '../../settings.ts';
import { addPeople, addSites, type StagedPerson } from '../add-people.ts';
import { temporaryFolder } from '../start-core.ts';

export const TENANT = 'default';
const REGION = 'eu';
const ISSUER = 'http://localhost:9';
const AUDIENCE = 'http://localhost:9/cell';
const SITE = 'bench-shop';
const STORED_AT_A_TIME = 200;

/** PostgreSQL in a process of its own; each figure gets a database in it. */
export class VaultStage {
  readonly folder: string;
  readonly #serverUrl: string;
  readonly #context: SuiteContext;

  private constructor(context: SuiteContext, folder: string, serverUrl: string) {
    this.folder = folder;
    this.#serverUrl = serverUrl;
    this.#context = context;
  }

  static async open(context: SuiteContext): Promise<VaultStage> {
    const folder = temporaryFolder(context);
    context.note('starting PostgreSQL');
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'database') });
    context.defer(() => server.stop());
    return new VaultStage(context, folder, server.adminUrl);
  }

  /** Vault and release in this very process: what is measured here has no HTTP in front of it. */
  async openCell(database: string): Promise<BenchCell> {
    const passwords = { corePassword: 'bench', cellPassword: 'bench' };
    const urls = await prepareDatabase({ serverUrl: this.#serverUrl, database, ...passwords });
    const keyWrapper = await openLocalKeyFile({
      path: join(this.folder, 'vault.key'),
      whenMissing: 'create',
    });
    const cell = new BenchCell(urls, keyWrapper);
    this.#context.defer(() => cell.close());
    await cell.admin.query('insert into core.tenants (tenant_id, issuer) values ($1, $2)', [TENANT, ISSUER]);
    const secret = randomBytes(24).toString('base64url');
    await addSites(cell.admin, { tenantId: TENANT, siteIds: [SITE], secret });
    return cell;
  }
}

/** What `cell-half.ts` puts together for a region, as far as it is measured here. */
export class BenchCell {
  readonly admin: Database;
  /** As the cell connects. */
  readonly database: Database;
  readonly vault: Vault;
  readonly #audit: ReadAudit;

  constructor({ adminUrl, cellUrl }: { adminUrl: string; cellUrl: string }, keyWrapper: KeyWrapper) {
    this.admin = new Database({ connectionString: adminUrl, applicationName: 'bench', maxConnections: 4 });
    this.database = new Database({ connectionString: cellUrl, applicationName: 'userref-cell' });
    this.vault = new Vault({ database: this.database, keyWrapper, region: REGION });
    this.#audit = new ReadAudit({ database: this.database });
  }

  /** People of one site who share the five attributes and have them in the vault. */
  async addPeople(count: number): Promise<StagedPerson[]> {
    const people = await addPeople(this.admin, {
      ...{ tenantId: TENANT, region: REGION, audience: AUDIENCE, purpose: PURPOSE.purposeId },
      ...{ attributes: ATTRIBUTES, siteIds: Array.from({ length: count }, () => SITE) },
    });
    await this.vault.prepareToStore(TENANT, ATTRIBUTES);
    for (let from = 0; from < count; from += STORED_AT_A_TIME) {
      await this.database.inTenant(TENANT, async (tx) => {
        for (const [index, { subjectId }] of people.slice(from, from + STORED_AT_A_TIME).entries()) {
          const values = valuesOf(from + index);
          await this.vault.storeAttributes(tx, { tenantId: TENANT, subjectId, values });
        }
      });
    }
    return people;
  }

  /** The release as the site's route calls it; `tokenOf` names the token for each turn. */
  release(tokenOf: (turn: number) => string, vault: Vault = this.vault): Contender {
    const release = new ReleaseAttributes({
      ...{ database: this.database, vault, audit: this.#audit, audience: AUDIENCE, issuer: ISSUER },
    });
    let turn = 0;
    return {
      name: 'release',
      async work() {
        const accessToken = tokenOf(turn++);
        const ask = { tenantId: TENANT, accessToken, names: ATTRIBUTES, purpose: PURPOSE.purposeId };
        const values = await release.release(ask);
        if (typeof values['contact:email'] !== 'string') throw new Error('a release came without its values');
      },
    };
  }

  async close(): Promise<void> {
    await this.#audit.close();
    await Promise.all([this.admin.close(), this.database.close()]);
  }
}

/** Everybody in turn. */
export function inTurn(people: readonly StagedPerson[]): (turn: number) => string {
  return (turn) => (people[turn % people.length] as StagedPerson).accessToken;
}

function valuesOf(index: number) {
  const values: Record<string, unknown> = {
    'profile:name': `Sample Person ${index}`,
    'profile:birthdate': '1991-04-17',
    'contact:email': `sample.${index}@example.test`,
    'contact:phone': `+4420794${String(index).padStart(6, '0')}`,
    'address:shipping': {
      street_address: `${index + 1} Invented Honey Lane`,
      ...{ locality: 'Nowhere-on-Sea', postal_code: 'ZZ99 3VZ', country: 'GB' },
    },
  };
  return Object.entries(values).map(([attribute, value]) => ({ attribute, value, source: 'bench' }));
}
