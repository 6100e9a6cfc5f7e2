import type { Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { RegionCell } from '../../wall/region-cell.ts';
import { requestedAttributes } from './attribute-request.ts';

/**
 * The grant of a login: OAuth's technical permission, made without asking, because signing in shares nothing
 * but the pseudonym. Attribute scopes are noted as far as consents are alive; what a token may read is decided
 * by the consents at the time of reading, never by the grant.
 */
export function grantLoader(dependencies: { tenantId: string; cell: RegionCell }) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, session, account, provider } = ctx.oidc;
    if (!client || !session || !account) return undefined;
    const known = session.grantIdFor(client.clientId);
    const grant =
      (known && (await provider.Grant.find(known))) || newGrant(provider, client.clientId, account.accountId);
    const before = JSON.stringify(grant);
    grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
    await addLiveAttributes(ctx, grant, dependencies);
    if (!grant.jti || JSON.stringify(grant) !== before) await grant.save();
    return grant;
  };
}

function newGrant(provider: Provider, clientId: string, accountId: string): Grant {
  return new provider.Grant({ clientId, accountId });
}

async function addLiveAttributes(
  ctx: KoaContextWithOIDC,
  grant: Grant,
  { tenantId, cell }: { tenantId: string; cell: RegionCell },
): Promise<void> {
  const requested = requestedAttributes(ctx.oidc.params?.scope as string | undefined);
  if (requested.length === 0) return;
  const live = await cell.liveConsents({
    tenantId,
    siteId: ctx.oidc.client?.clientId ?? '',
    subjectId: ctx.oidc.account?.accountId ?? '',
  });
  const granted = requested.filter((name) => live.includes(name));
  if (granted.length > 0) grant.addResourceScope(cell.resource, granted.join(' '));
}
