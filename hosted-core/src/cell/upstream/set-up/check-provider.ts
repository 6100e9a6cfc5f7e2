import { goesIntoForm } from '../oidc/secret-authentication.ts';
import { type CheckContext, type CheckLine, line } from './check-line.ts';

/** Two machines are rarely further apart, and the tolerance for tokens is as large. */
const MOST_SKEW_MS = 30_000;

type Metadata = Readonly<Record<string, unknown>>;

/** What can be asked of any OpenID provider: its metadata, its clock, its keys, and whether it takes our secret. */
export async function checkProvider(context: CheckContext): Promise<CheckLine[]> {
  const { issuer, fetch, now } = context;
  const found = await readMetadata(context);
  if (!found) {
    const advice = `No metadata at ${issuer}/.well-known/openid-configuration. Look whether it runs, and whether USERREF_UPSTREAM_ISSUER is right.`;
    return [line('issuer', advice)];
  }
  const { metadata, date } = found;
  const skew = Number.isNaN(date) ? 0 : Math.abs(now().getTime() - date);
  const keys = await fetch(String(metadata.jwks_uri)).then(
    (response) => response.ok,
    () => false,
  );
  return [
    line(
      'issuer',
      metadata.issuer === issuer
        ? undefined
        : 'The issuer calls itself otherwise: set USERREF_UPSTREAM_ISSUER to what it says.',
    ),
    line(
      'clock',
      skew <= MOST_SKEW_MS
        ? undefined
        : `The clocks are ${Math.round(skew / 1000)} s apart: set both by NTP.`,
    ),
    line('keys', keys ? undefined : 'Its keys cannot be read: no sign-in can be verified.'),
    line('client', await clientAdvice(context, metadata)),
    line(
      'sign-out',
      metadata.end_session_endpoint
        ? undefined
        : 'There is no end_session_endpoint: a sign-out ends the session here, and not there.',
    ),
  ];
}

async function readMetadata({
  issuer,
  fetch,
}: CheckContext): Promise<{ metadata: Metadata; date: number } | undefined> {
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    const metadata = (await response.json()) as Metadata;
    return { metadata, date: Date.parse(response.headers.get('date') ?? '') };
  } catch {
    return undefined;
  }
}

/** A code that cannot exist: whoever says that the code is wrong has taken the secret. */
async function clientAdvice(
  { clientId, clientSecret, redirectUri, fetch }: CheckContext,
  { token_endpoint: endpoint, token_endpoint_auth_methods_supported: methods }: Metadata,
): Promise<string | undefined> {
  const fields = { grant_type: 'authorization_code', code: 'doctor', redirect_uri: redirectUri };
  const inForm = goesIntoForm(methods);
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':');
  try {
    const response = await fetch(String(endpoint), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(!inForm && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
      body: new URLSearchParams({
        ...fields,
        ...(inForm && { client_id: clientId, client_secret: clientSecret }),
      }).toString(),
    });
    const { error } = (await response.json()) as { error?: unknown };
    if (error === 'invalid_grant') return undefined;
    return error === 'invalid_client'
      ? 'USERREF_UPSTREAM_CLIENT_ID or USERREF_UPSTREAM_CLIENT_SECRET is refused: nobody can sign in.'
      : 'The token endpoint refuses a request for another reason than expected.';
  } catch {
    return 'The token endpoint does not answer.';
  }
}
