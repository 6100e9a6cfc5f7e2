import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startHouse } from '../app.ts';
import { SignerFile } from '../audit/signer-file.ts';
import { upstreamAddresses } from '../cell/pages/cell-pages.ts';
import { createVaultKeyFile } from '../cell/vault/open-vault.ts';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { prepareDatabase } from '../database/prepare-database.ts';
import { createDevelopmentSignIn, type SamplePerson } from '../development-sign-in/development-sign-in.ts';
import { createLogger } from '../observability/logger.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { claimFolder } from './claim-folder.ts';
import { type MailSink, type MailSinkOptions, startMailSink } from './mail-sink/mail-sink.ts';

const DATABASE = 'userref';
const UPSTREAM_CLIENT_ID = 'userref-cell';

export interface DevelopmentOptions {
  /** Database, keys and log; kept between starts. Made when missing. */
  readonly dataDir: string;
  readonly ports: { readonly core: number; readonly cell: number; readonly signIn: number };
  /** Starts the mail sink too. Default: none. */
  readonly mail?: MailSinkOptions;
  /** Who can be chosen at the sign-in. Default: the sample people. */
  readonly people?: readonly SamplePerson[];
  /** Default `warn`. */
  readonly logLevel?: string;
  /** Where log lines go. Default: stderr. */
  readonly logStream?: NodeJS.WritableStream;
  /** Settings of the embedded server, such as `{ log_statement: 'all' }`. */
  readonly databaseSettings?: Readonly<Record<string, string>>;
  /** Told what is being done, for people who wait. */
  readonly onProgress?: (step: string) => void;
  readonly nodeEnv?: string | undefined;
}

export interface DevelopmentEnvironment {
  readonly settings: Settings;
  readonly people: readonly SamplePerson[];
  /** The database as superuser. */
  readonly adminDatabaseUrl: string;
  /** File with the settings of the running core, for `userref-core --config`. */
  readonly configFile: string;
  readonly mailSink?: MailSink;
  stop(): Promise<void>;
}

/**
 * The real core with everything around it that a developer lacks: an embedded PostgreSQL, keys, and a
 * development sign-in in place of Logto. Refuses to run in production.
 */
export async function startDevelopmentEnvironment(
  options: DevelopmentOptions,
): Promise<DevelopmentEnvironment> {
  const { dataDir, ports, onProgress = () => {} } = options;
  if (options.nodeEnv === 'production')
    throw new Error('The development environment refuses to run with NODE_ENV=production.');
  mkdirSync(dataDir, { recursive: true });
  const release = claimFolder(dataDir);
  const secrets = developmentSecrets(dataDir);
  const stops: (() => Promise<void>)[] = [async () => release()];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  try {
    onProgress('starting the embedded PostgreSQL');
    const server = await startEmbeddedPostgres({
      dataDir: join(dataDir, 'database'),
      ...(options.databaseSettings && { settings: options.databaseSettings }),
    });
    stops.push(() => server.stop());
    const urls = await prepareDatabase({ serverUrl: server.adminUrl, database: DATABASE, ...secrets });
    onProgress('starting the development sign-in');
    const cellUrl = `http://localhost:${ports.cell}`;
    const addresses = upstreamAddresses(cellUrl);
    const signIn = await createDevelopmentSignIn({
      port: ports.signIn,
      client: {
        clientId: UPSTREAM_CLIENT_ID,
        clientSecret: secrets.upstream,
        redirectUris: [addresses.redirectUri],
        postLogoutRedirectUris: [addresses.postLogoutRedirectUri],
      },
      nodeEnv: options.nodeEnv,
      ...(options.people && { people: options.people }),
    });
    stops.push(() => signIn.close());
    const configFile = writeConfig({ ...options, urls, secrets, cellUrl, upstreamIssuer: signIn.url });
    await createVaultKeyFile(join(dataDir, 'keys', 'vault.key'));
    SecretBox.createKeyFile(join(dataDir, 'keys', 'core.secret'));
    SignerFile.create(join(dataDir, 'keys', 'audit.signer'));
    onProgress('starting the core and the cell');
    const settings = loadSettings({ environment: {}, file: configFile });
    const logger = createLogger({
      level: settings.logLevel,
      ...(options.logStream && { stream: options.logStream }),
    });
    const house = await startHouse(settings, logger);
    stops.push(() => house.stop());
    const mailSink = options.mail && (await startMailSink(options.mail));
    if (mailSink) stops.push(() => mailSink.stop());
    return {
      ...{ settings, people: signIn.people, adminDatabaseUrl: urls.adminUrl, configFile, stop },
      ...(mailSink && { mailSink }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface DevelopmentSecrets {
  readonly corePassword: string;
  readonly cellPassword: string;
  readonly upstream: string;
}

/** Made once for a data folder, so that the second start finds the first one's database open to it. */
function developmentSecrets(dataDir: string): DevelopmentSecrets {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    const [corePassword, cellPassword, upstream] = [0, 1, 2].map(() => randomBytes(24).toString('hex'));
    writeFileSync(file, JSON.stringify({ corePassword, cellPassword, upstream }), {
      mode: 0o600,
      flag: 'wx',
    });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as DevelopmentSecrets;
}

interface ConfigInput extends DevelopmentOptions {
  readonly urls: { adminUrl: string; coreUrl: string; cellUrl: string };
  readonly secrets: DevelopmentSecrets;
  readonly cellUrl: string;
  readonly upstreamIssuer: string;
}

function writeConfig({
  dataDir,
  ports,
  urls,
  secrets,
  cellUrl,
  upstreamIssuer,
  logLevel,
}: ConfigInput): string {
  const values = {
    NODE_ENV: 'development',
    USERREF_TENANT: 'default',
    USERREF_MODE: 'test',
    USERREF_REGION: 'local',
    USERREF_CORE_URL: `http://localhost:${ports.core}`,
    USERREF_CORE_LISTEN: `127.0.0.1:${ports.core}`,
    USERREF_CELL_URL: cellUrl,
    USERREF_CELL_LISTEN: `127.0.0.1:${ports.cell}`,
    USERREF_CORE_DATABASE_URL: urls.coreUrl,
    USERREF_CELL_DATABASE_URL: urls.cellUrl,
    USERREF_ADMIN_DATABASE_URL: urls.adminUrl,
    USERREF_TOMBSTONE_LEDGER: resolve(dataDir, 'tombstones'),
    USERREF_CORE_SECRET_FILE: join(dataDir, 'keys', 'core.secret'),
    USERREF_KMS: `file:${resolve(dataDir, 'keys', 'vault.key')}`,
    USERREF_AUDIT_SIGNER_FILE: join(dataDir, 'keys', 'audit.signer'),
    USERREF_UPSTREAM_PRESET: 'generic',
    USERREF_UPSTREAM_ISSUER: upstreamIssuer,
    USERREF_UPSTREAM_CLIENT_ID: UPSTREAM_CLIENT_ID,
    USERREF_UPSTREAM_CLIENT_SECRET: secrets.upstream,
    USERREF_OPERATOR_NAME: 'Userref development environment',
    USERREF_OUTBOUND: 'public-and-loopback',
    USERREF_LOG_LEVEL: logLevel ?? 'warn',
  };
  const file = join(dataDir, 'core.env');
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  writeFileSync(file, `# Written at every start of the development environment.\n${lines.join('\n')}\n`, {
    mode: 0o600,
  });
  chmodSync(file, 0o600);
  return file;
}
