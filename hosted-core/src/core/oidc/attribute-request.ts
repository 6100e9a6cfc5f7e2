import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { UserrefError } from '../../errors/userref-error.ts';
import type { PiiAccess } from '../../wall/catalogue.ts';
import type { PurposeText } from '../../wall/region-cell.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';
import { requestedDetails } from './pii-access.ts';

/** What an authorization request asks of a person's data. */
export interface AttributeRequest {
  readonly attributes: readonly string[];
  readonly purpose: PurposeText;
  /** Set when the site asked by `authorization_details`. */
  readonly authorizationDetails?: readonly PiiAccess[];
}

/** Attribute scopes are recognised by their colon: `address:shipping`. */
export function requestedAttributes(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter((name) => name.includes(':'));
}

/** Attributes of the scope and of the details, each once. */
export function allRequested(ctx: KoaContextWithOIDC): string[] {
  const byScope = requestedAttributes(ctx.oidc.params?.scope as string | undefined);
  return [...new Set([...byScope, ...requestedDetails(ctx).flatMap(({ datatypes }) => datatypes)])];
}

/** The request's attributes with their registered purpose; undefined when it asks for none. */
export async function readAttributeRequest(
  ctx: KoaContextWithOIDC,
  sites: SiteDirectory,
): Promise<AttributeRequest | undefined> {
  const { params, client } = ctx.oidc;
  const details = requestedDetails(ctx);
  const attributes = allRequested(ctx);
  if (attributes.length === 0 || !client) return undefined;
  const purpose = await sites.findPurpose(client.clientId, String(params?.purpose ?? details[0]?.purpose));
  if (!purpose)
    throw new UserrefError('unknown_purpose', { logDetail: 'the purpose vanished during a login' });
  return { attributes, purpose, ...(details.length > 0 && { authorizationDetails: details }) };
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
