import type { Settings } from './config/settings.ts';
import { type RegisteredSite, registerSite, type SiteRegistration } from './core/sites/register-site.ts';
import { SiteRepository } from './core/sites/site-repository.ts';
import { WebhookEndpoints } from './core/webhooks/webhook-endpoints.ts';
import { Database } from './database/database.ts';
import { SecretBox } from './secrets/secret-box.ts';

export interface Operator {
  /** @throws UserrefError `invalid_request`, `unknown_attribute`, `conflict` */
  registerSite(registration: Omit<SiteRegistration, 'tenantId'>): Promise<RegisteredSite>;
  /** The secret is shown here and never again. */
  addWebhookEndpoint(endpoint: {
    siteId: string;
    url: string;
  }): Promise<{ endpointId: string; secret: string }>;
  close(): Promise<void>;
}

/** What an operator does to a core, from another process: the command line and the demo use it. */
export function openOperator(settings: Settings): Operator {
  const { tenantId } = settings;
  const database = new Database({
    connectionString: settings.core.databaseUrl,
    applicationName: 'userref-operator',
    maxConnections: 2,
  });
  const sites = new SiteRepository(database);
  return {
    registerSite: (registration) => registerSite({ database, sites }, { ...registration, tenantId }),
    addWebhookEndpoint(endpoint) {
      const secretBox = SecretBox.fromKeyFile(settings.core.secretFile);
      const endpoints = new WebhookEndpoints({ secretBox, policy: settings.outbound });
      return database.inTenant(tenantId, (tx) => endpoints.register(tx, { tenantId, ...endpoint }));
    },
    close: () => database.close(),
  };
}
