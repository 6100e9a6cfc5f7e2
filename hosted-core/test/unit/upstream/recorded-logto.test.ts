import { describe, expect, it } from 'vitest';
import { readUser } from '../../../src/cell/upstream/management/logto-user.ts';
import { refusalOf } from '../../../src/cell/upstream/management/management-error.ts';
import { UpstreamTokens } from '../../../src/cell/upstream/oidc/upstream-tokens.ts';
import { KNOWN_EVENTS, readLogtoEvent } from '../../../src/cell/upstream/webhooks/logto-event.ts';
import { isSignedByLogto } from '../../../src/cell/upstream/webhooks/webhook-signature.ts';
import { recordedExchange, recordedResponse, recordings } from '../../support/fake-logto/recordings.ts';
import { readSource, SOURCE, sourceIsThere } from '../../support/fake-logto/recordings-source.ts';

describe('The recordings in the repository', () => {
  it('are those that were made of real Logto', (context) => {
    if (!sourceIsThere()) context.skip(`there are no recordings at ${SOURCE}; the copy is used as it is`);
    expect(recordings()).toEqual(readSource());
  });
});

describe('Recorded webhooks', () => {
  it.each(recordings().webhooks)(
    '$name is signed over its exact bytes',
    ({ rawBody, signingKey, signature }) => {
      const body = Buffer.from(rawBody, 'utf8');
      expect(isSignedByLogto(body, signature, [signingKey])).toBe(true);
      expect(isSignedByLogto(body, signature, ['another', signingKey])).toBe(true);
      expect(isSignedByLogto(Buffer.concat([body, Buffer.from(' ')]), signature, [signingKey])).toBe(false);
      expect(isSignedByLogto(body, signature.toUpperCase(), [signingKey])).toBe(false);
      expect(isSignedByLogto(body, `sha256=${signature}`, [signingKey])).toBe(false);
      expect(isSignedByLogto(body, undefined, [signingKey])).toBe(false);
    },
  );

  it('are all of kinds that we know', () => {
    const recorded = new Set(recordings().webhooks.map(({ event }) => event));
    expect([...recorded].filter((event) => !(KNOWN_EVENTS as string[]).includes(event))).toEqual([]);
  });

  it.each(
    recordings().webhooks.filter(({ event, name }) => event.startsWith('User.') && !name.startsWith('TEST')),
  )('$name names its user', ({ rawBody }) => {
    expect(readLogtoEvent(Buffer.from(rawBody))?.userId).toMatch(/^[a-z0-9]{12}$/);
  });

  it('end sessions for a deletion, a suspension, and a new password from either side', () => {
    const ending = recordings().webhooks.flatMap(({ rawBody, name }) =>
      readLogtoEvent(Buffer.from(rawBody))?.meaning === 'end' ? [name] : [],
    );
    expect(ending.toSorted()).toEqual([
      'PostResetPassword.after-key-rotation 1',
      'TEST-PAYLOAD.User.Deleted 1',
      'User.Data.Updated 4',
      'User.Data.Updated.after-key-rotation 1',
      'User.Data.Updated.after-key-rotation 3',
      'User.Deleted 1',
      'User.Deleted.after-key-rotation 1',
      'User.SuspensionStatus.Updated 1',
    ]);
  });
});

describe('Recorded refusals of the Management API', () => {
  it.each([
    ['management-errors', 'no Authorization header', 'unauthorized'],
    ['management-errors', 'garbage bearer', 'unauthorized'],
    ['management-errors', 'expired access token', 'unauthorized'],
    ['management-errors', 'JWT with another audience on the Management API', 'unauthorized'],
    ['management-errors', 'token without the all scope', 'forbidden'],
    ['management-errors', 'user not found', 'not_found'],
    ['management-errors', 'application not found', 'not_found'],
    ['management-errors', 'unknown route', 'unexpected'],
    ['management-errors', 'validation failure (body)', 'invalid'],
    ['management-errors', 'page_size above 100', 'invalid'],
    ['management-errors', 'malformed JSON body', 'invalid'],
    ['management-users', 'create user with email in use', 'conflict'],
    ['management-sessions-grants', 'delete a session that does not exist', 'not_found'],
    ['m2m-token', 'wrong secret', 'unauthorized'],
    ['m2m-token', 'unknown client', 'unauthorized'],
    ['m2m-token', 'unknown resource', 'invalid'],
  ])('%s: «%s» is %s', (file, name, kind) => {
    const { status, body } = recordedResponse(file, name);
    const refusal = refusalOf(status, body);
    expect(refusal.kind).toBe(kind);
    expect(refusal.message).not.toMatch(/eyJ|alice|payload/);
  });
});

describe('Recorded tokens', () => {
  const { discovery, jwks } = recordings();
  const keysServed: string[] = [];
  const tokens = (algorithms: string[]) =>
    new UpstreamTokens({
      ...{ issuer: String(discovery.issuer), clientId: 'd4llctrgjnrfaaimu11ub', algorithms },
      jwksUri: String(discovery.jwks_uri),
      fetch: async (url) => {
        keysServed.push(String(url));
        return Response.json(jwks);
      },
    });
  const idToken = (name: string) =>
    (recordedResponse('token-endpoint', name).body as { id_token: string }).id_token;
  const at = (seconds: number) => new Date(seconds * 1000);

  it.each([
    ['authorization_code: success (Traditional app, HTTP Basic, PKCE)', 1795332061],
    ['ID token signed after key rotation', 1795332625],
  ])('of «%s» verify: ES384, no typ', async (name, iat) => {
    const claims = await tokens(['ES384']).verifyIdToken(idToken(name), at(iat + 5));
    expect(claims.sub).toBe('wdd568ajx9rb');
  });

  it('are refused when the metadata names other algorithms, or their time is over', async () => {
    const token = idToken('ID token signed after key rotation');
    await expect(tokens(['RS256']).verifyIdToken(token, at(1795332626))).rejects.toThrow();
    await expect(tokens(['ES384']).verifyIdToken(token, at(1795332625 + 3_700))).rejects.toThrow();
    const altered = `${token.slice(0, -6)}AAAAAA`;
    await expect(tokens(['ES384']).verifyIdToken(altered, at(1795332626))).rejects.toThrow();
  });

  it('for back-channel logout verify within their two minutes, and are no ID tokens', async () => {
    const body = String(
      recordedExchange(
        'backchannel-logout',
        'back-channel logout call received by the relying party after end_session',
      ).request.body,
    );
    const token = new URLSearchParams(body).get('logout_token') ?? '';
    const notice = await tokens(['ES384']).verifyLogoutToken(token, at(1795332260));
    expect(notice).toMatchObject({ sub: 'wdd568ajx9rb', sid: expect.any(String) });
    await expect(tokens(['ES384']).verifyLogoutToken(token, at(1795332259 + 200))).rejects.toThrow();
    await expect(tokens(['ES384']).verifyIdToken(token, at(1795332260))).rejects.toThrow();
    const asLogout = tokens(['ES384']).verifyLogoutToken(
      idToken('ID token signed after key rotation'),
      at(1795332626),
    );
    await expect(asLogout).rejects.toThrow();
  });
});

describe('A recorded user', () => {
  it('is read into the claims that a sign-in would bring', () => {
    const user = readUser(recordedResponse('management-users', 'get user').body);
    expect(user).toMatchObject({
      id: 'wdd568ajx9rb',
      isSuspended: false,
      claims: {
        name: 'Alice Example',
        given_name: 'Alice',
        email: 'alice@example.com',
        phone_number: '8613800000001',
      },
    });
  });

  it.each([[null], [[]], [{}], [{ id: '', isSuspended: false }], [{ id: 'x' }]])(
    'is not made of %j',
    (value) => {
      expect(() => readUser(value)).toThrow();
    },
  );
});
