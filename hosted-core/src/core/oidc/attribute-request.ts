import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { UserrefError } from '../../errors/userref-error.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';

/** What an authorization request asks of a person's data. */
export interface AttributeRequest {
  readonly attributes: readonly string[];
  readonly purpose: PurposeText;
}

/** Attribute scopes are recognised by their colon: `address:shipping`. */
export function requestedAttributes(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter((name) => name.includes(':'));
}

/** The request's attributes with their registered purpose; undefined when it asks for none. */
export async function readAttributeRequest(
  ctx: KoaContextWithOIDC,
  sites: SiteDirectory,
): Promise<AttributeRequest | undefined> {
  const { params, client } = ctx.oidc;
  const attributes = requestedAttributes(params?.scope as string | undefined);
  if (attributes.length === 0 || !client) return undefined;
  const purpose = await sites.findPurpose(client.clientId, String(params?.purpose));
  if (!purpose)
    throw new UserrefError('unknown_purpose', { logDetail: 'the purpose vanished during a login' });
  return { attributes, purpose };
}

/**
 * Checks the extra parameter `purpose`: a request for attributes names a purpose that is registered for the
 * site, and only attributes that the site was registered for.
 */
export function checkAttributeRequest(sites: SiteDirectory) {
  return async (ctx: KoaContextWithOIDC, purpose: unknown): Promise<void> => {
    const attributes = requestedAttributes(ctx.oidc.params?.scope as string | undefined);
    if (attributes.length === 0) return;
    const registered = (ctx.oidc.client as unknown as { attribute_scopes: string[] }).attribute_scopes;
    const foreign = attributes.filter((name) => !registered.includes(name));
    if (foreign.length > 0) {
      throw new errors.InvalidScope(
        'this site is not registered for a requested attribute',
        foreign.join(' '),
      );
    }
    if (typeof purpose !== 'string' || purpose === '') {
      throw new errors.InvalidRequest('a request for attributes needs the parameter purpose');
    }
    const found = await sites.findPurpose(ctx.oidc.client?.clientId ?? '', purpose);
    if (!found) throw new errors.InvalidRequest('the purpose is not registered for this site');
  };
}
