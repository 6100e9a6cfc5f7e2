import type { Interaction, KoaContextWithOIDC } from 'oidc-provider';
import { FIRST_SCREENS, type RegionCell, type SignInWishes } from '../../wall/region-cell.ts';
import { openDecision } from './interaction-policy.ts';
import type { SiteClient } from './site-client.ts';

/** Hands the person over to the cell, and returns the address that the browser goes to. */
export async function startInteraction(
  { issuer, tenantId, cell }: { issuer: string; tenantId: string; cell: RegionCell },
  ctx: KoaContextWithOIDC,
  interaction: Interaction,
): Promise<string> {
  const { params, client, session } = ctx.oidc;
  const card = client as unknown as SiteClient & { clientId: string; site_name: string; site_origin: string };
  const ask = openDecision.get(ctx.oidc);
  const redirectUri = String(params?.redirect_uri);
  const returnOrigin = new URL(redirectUri).origin;
  const isPreview = !card.redirectUris.includes(redirectUri);
  const { url } = await cell.startInteraction({
    interactionId: interaction.uid,
    tenantId,
    kind: interaction.prompt.name === 'consent' ? 'consent' : 'login',
    site: {
      siteId: card.clientId,
      name: card.site_name,
      origin: isPreview ? returnOrigin : card.site_origin,
    },
    ...(session?.accountId && { subjectId: session.accountId }),
    ...(ask && { ask }),
    ...(isFreshLogin(interaction) && { forceLogin: true as const }),
    ...(interaction.prompt.name === 'select_account' && { chooseAccount: true as const }),
    ...signInWishes(params),
    returnTo: `${issuer}/interaction/${interaction.uid}/outcome`,
    formTargets: [issuer, returnOrigin],
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

const MOST_LOCALES = 5;
const LONGEST_HINT = 320;

/** Wishes never fail a login: what is no wish of ours is left out, as the sign-in service would do. */
function signInWishes(params: Record<string, unknown> = {}): SignInWishes {
  const { ui_locales: locales, first_screen: screen, login_hint: hint } = params;
  const firstScreen = FIRST_SCREENS.find((one) => one === screen);
  const loginHint = typeof hint === 'string' && hint !== '' && hint.length <= LONGEST_HINT ? hint : undefined;
  return {
    uiLocales: String(locales ?? '')
      .split(' ')
      .filter(Boolean)
      .slice(0, MOST_LOCALES),
    ...(firstScreen && { firstScreen }),
    ...(loginHint !== undefined && { loginHint }),
  };
}
