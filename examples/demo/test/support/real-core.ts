import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DevelopmentEnvironment,
  type DevelopmentSite,
  type DevelopmentSiteWish,
  ensureDevelopmentSites,
  startDevelopmentEnvironment,
} from '@userref/hosted-core/development';
import { freePorts } from './ports.ts';

export interface RealCore {
  readonly environment: DevelopmentEnvironment;
  /** The one site that is registered. */
  readonly site: DevelopmentSite & { readonly issuer: string; readonly baseUrl: string };
  /** What people see it called. */
  readonly siteName: string;
  /** Where people see and stop what they share. */
  readonly accountUrl: string;
  /** Port of the site; nobody listens on it yet. */
  readonly port: number;
  /** For files of the test; gone when it stops. */
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** The real core with everything around it, and one site that it knows. */
export async function startRealCore(wish: Omit<DevelopmentSiteWish, 'url'>): Promise<RealCore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'userref-real-'));
  // Open to the user that the database runs as, so that its log stays in this folder.
  chmodSync(dataDir, 0o711);
  const { core, cell, signIn, shopA: port } = await freePorts();
  const environment = await startDevelopmentEnvironment({ dataDir, ports: { core, cell, signIn } });
  const baseUrl = `http://localhost:${port}`;
  const wishes = [{ ...wish, url: baseUrl }];
  const [site] = await ensureDevelopmentSites(environment, { file: join(dataDir, 'sites.json'), wishes });
  if (site === undefined) throw new Error('the site was not registered');
  return {
    environment,
    site: { ...site, issuer: environment.settings.core.url, baseUrl },
    siteName: wish.name,
    accountUrl: `${environment.settings.cell.url}/account`,
    port,
    dataDir,
    async stop() {
      await environment.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
