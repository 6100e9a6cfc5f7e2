import { buildEndSessionUrl } from 'openid-client';
import type { Services } from '../services.ts';
import { endCopies } from '../session/end-copies.ts';

/** What is left to do after signing out here. */
export interface EndedSession {
  /** `Set-Cookie` values that clear the session. */
  readonly setCookies: readonly string[];
  /** Send the browser here to end the session at the core too; it comes back to `afterLogout`. */
  readonly logoutUrl: string;
}

/**
 * Ends the session here, for every copy of its cookie, and gives the core's logout address (OpenID Connect
 * RP-Initiated Logout §2). No passport is kept, so `client_id` stands in for `id_token_hint`. When the core
 * cannot be reached the visitor is signed out here all the same.
 */
export async function endSession(
  services: Services,
  request: { readonly cookieHeader: string | null | undefined },
): Promise<EndedSession> {
  const { options, sessionCookie } = services;
  const { session } = await sessionCookie.check(request.cookieHeader);
  if (session) await endCopies(options.revocations, session);
  return { setCookies: [sessionCookie.clear()], logoutUrl: await logoutUrl(services) };
}

async function logoutUrl({ options, connector, transport }: Services): Promise<string> {
  const home = options.baseUrl + options.afterLogout;
  const connection = await connector.connect().catch(() => null);
  if (connection?.metadata.end_session_endpoint === undefined) return home;
  // A preview's address is none that a sign-out may lead to: anybody can start one.
  const wish: Record<string, string> = options.isPreview ? {} : { post_logout_redirect_uri: home };
  return buildEndSessionUrl(connection.client(transport), wish).href;
}
