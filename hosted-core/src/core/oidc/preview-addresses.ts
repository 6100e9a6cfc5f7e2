import { Provider } from 'oidc-provider';
import { isPreviewOf } from '../sites/preview-patterns.ts';
import type { SiteClient } from './site-client.ts';

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

/** In this request, or in the one before that it refers to. */
function wasPushed(): boolean {
  const oidc = Provider.ctx?.oidc;
  return (
    oidc?.route === 'pushed_authorization_request' || 'PushedAuthorizationRequest' in (oidc?.entities ?? {})
  );
}
