import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { upstreamAddresses } from '../../../src/cell/pages/cell-pages.ts';
import { createVaultKeyFile } from '../../../src/cell/vault/open-vault.ts';
import type { UpstreamSettings } from '../../../src/config/upstream-settings.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import { prepareDatabase } from '../../../src/database/prepare-database.ts';
import { startFakeLogto } from '../../../test/support/fake-logto/fake-logto.ts';
import { addApplication } from '../../../test/support/fake-logto/fake-management.ts';
import { freePorts } from '../../children/free-ports.ts';
import { startChild } from '../../children/start-child.ts';
import type { UpstreamCell, UpstreamCellConfig } from '../../children/upstream-cell.ts';
import type { SuiteContext } from '../../settings.ts';
import { temporaryFolder } from '../start-core.ts';

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A database, keys and a Logto as it was observed; cells come on top, each a process of its own. */
export async function openStage(context: SuiteContext) {
  const folder = temporaryFolder(context);
  context.note('starting PostgreSQL and a Logto of recordings');
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'database') });
  context.defer(() => server.stop());
  const logto = await startFakeLogto();
  context.defer(() => logto.stop());
  const keyFile = join(folder, 'vault.key');
  await createVaultKeyFile(keyFile);
  const upstreamKey = randomBytes(32).toString('hex');
  const passwords = { corePassword: 'bench', cellPassword: 'bench' };
  let cells = 0;
  return {
    ...{ logto, keyFile, upstreamKey },
    database: (database: string) => prepareDatabase({ serverUrl: server.adminUrl, database, ...passwords }),
    async startCell(wish: { databaseUrl: string; port: number; upstream: UpstreamSettings; jobs: boolean }) {
      cells += 1;
      const logFile = join(folder, `cell-${cells}.log`);
      const config: UpstreamCellConfig = { ...wish, keyFile, upstreamKey, logFile };
      return startChild<UpstreamCell>(context, { file: 'upstream-cell.ts', config });
    },
    /** An application of the Logto for a cell that will listen at this port. */
    async register(): Promise<{ port: number; upstream: UpstreamSettings }> {
      const [port = 0] = await freePorts(1);
      const { redirectUri, postLogoutRedirectUri } = upstreamAddresses(`http://localhost:${port}`);
      const { id } = addApplication(logto.state, {
        name: `cell at ${port}`,
        oidcClientMetadata: {
          ...{ redirectUris: [redirectUri], postLogoutRedirectUris: [postLogoutRedirectUri] },
          backchannelLogoutSessionRequired: true,
        },
      });
      const clientSecret = logto.state.secrets.get(id)?.[0]?.value ?? '';
      const { issuer } = logto;
      return { port, upstream: { issuer, clientId: id, clientSecret, preset: 'logto', offlineAccess: true } };
    },
  };
}
