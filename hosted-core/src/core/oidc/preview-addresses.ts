import { Provider } from 'oidc-provider';
import { isPreviewOf } from '../sites/preview-patterns.ts';
import type { SiteClient } from './engine-configuration.ts';

/**
 * Lets previews of a site come back to their own address, in test mode. Only a request that the site itself pushed
 * may name one (RFC 9126 §2.4): whoever makes up a link has no secret to push it with.
 */
export function allowPreviews(Client: { readonly prototype: SiteClient }): void {
  const isRegistered = Client.prototype.redirectUriAllowed;
  Client.prototype.redirectUriAllowed = function allowed(this: SiteClient, uri: string): boolean {
    if (isRegistered.call(this, uri)) return true;
    const { redirectUris, preview_patterns: previewPatterns } = this;
    return wasPushed() && isPreviewOf(uri, { redirectUris, previewPatterns });
  };
}

/** Pushed now, or before; what an interaction resumes was checked when it began. */
function wasPushed(): boolean {
  const oidc = Provider.ctx?.oidc;
  if (!oidc) return false;
  return (
    oidc.route === 'pushed_authorization_request' ||
    oidc.route === 'resume' ||
    'PushedAuthorizationRequest' in oidc.entities
  );
}
