import { Provider } from 'oidc-provider';
import { siteSecretMatches } from '../sites/site.ts';
import { coarsenAuthTime } from './auth-time.ts';
import { type EngineOptions, engineConfiguration } from './engine-configuration.ts';
import { issuePassports } from './passport.ts';
import { allowPreviews } from './preview-addresses.ts';
import type { SiteClient } from './site-client.ts';

export type { EngineOptions } from './engine-configuration.ts';

/** The OpenID provider of one tenant: the engine with our storage, our passports and our pages. */
export function createEngine(options: EngineOptions): Provider {
  const provider = new Provider(options.issuer, engineConfiguration(options));
  // The listener sets the forwarded headers itself, from the configured address.
  provider.proxy = true;
  const { Client } = provider as unknown as { Client: { prototype: SiteClient } };
  Client.prototype.compareClientSecret = function compare(presented) {
    return siteSecretMatches(Buffer.from(this.secret_sha256, 'hex'), presented);
  };
  Client.prototype.includeSid = () => true;
  if (options.mode === 'test') allowPreviews(Client);
  coarsenAuthTime(provider);
  issuePassports(provider, options);
  return provider;
}
