import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import type { RegionCell } from '../../wall/region-cell.ts';
import { openDecision } from './interaction-policy.ts';

/** Hands the person over to the cell, and returns the address that the browser goes to. */
export async function startInteraction(
  { issuer, tenantId, cell }: { issuer: string; tenantId: string; cell: RegionCell },
  ctx: KoaContextWithOIDC,
  interaction: Interaction,
): Promise<string> {
  const { params, client, session } = ctx.oidc;
  const card = client as unknown as { clientId: string; site_name: string; site_origin: string };
  const ask = openDecision.get(ctx.oidc);
  const { url } = await cell.startInteraction({
    interactionId: interaction.uid,
    tenantId,
    kind: interaction.prompt.name === 'consent' ? 'consent' : 'login',
    site: { siteId: card.clientId, name: card.site_name, origin: card.site_origin },
    ...(session?.accountId && { subjectId: session.accountId }),
    ...(ask && { ask }),
    ...(isFreshLogin(interaction) && { forceLogin: true as const }),
    ...(interaction.prompt.name === 'select_account' && { chooseAccount: true as const }),
    uiLocales: String(params?.ui_locales ?? '')
      .split(' ')
      .filter(Boolean)
      .slice(0, 5),
    returnTo: `${issuer}/interaction/${interaction.uid}/outcome`,
    formTargets: [issuer, new URL(String(params?.redirect_uri)).origin],
    expiresAt: new Date(interaction.exp * 1000),
  });
  return url;
}

function isFreshLogin(interaction: Interaction): boolean {
  return (
    interaction.prompt.name === 'login' &&
    !interaction.prompt.reasons.every((reason) => reason === 'no_session')
  );
}
