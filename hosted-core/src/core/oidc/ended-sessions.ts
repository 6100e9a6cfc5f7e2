import type { KoaContextWithOIDC } from 'oidc-provider';

/** A session at the core that its person ended. */
export interface SessionEnded {
  readonly subjectId: string;
  /** Every site that was signed in to, with the session id that this site knows. */
  readonly sites: readonly { readonly siteId: string; readonly sid: string }[];
}

/** The session that this request ended, if it did: the person confirmed signing out. */
export function endedSession(ctx: KoaContextWithOIDC): SessionEnded | undefined {
  const session = ctx.oidc.session as
    | { accountId?: string; destroyed?: boolean; authorizations?: Record<string, { sid?: string }> }
    | undefined;
  if (ctx.oidc.route !== 'end_session_confirm' || !session?.destroyed || !session.accountId) return undefined;
  const sites = Object.entries(session.authorizations ?? {}).flatMap(([siteId, { sid }]) =>
    sid ? [{ siteId, sid }] : [],
  );
  return { subjectId: session.accountId, sites };
}
