import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDevelopmentSignIn,
  type DevelopmentSignIn,
  SAMPLE_PEOPLE,
} from '../../../src/development-sign-in/development-sign-in.ts';

const client = {
  clientId: 'cell',
  clientSecret: 's'.repeat(32),
  redirectUris: ['http://cell.test/upstream/callback'],
  postLogoutRedirectUris: ['http://cell.test/account/signed-out'],
};
let signIn: DevelopmentSignIn;
beforeAll(async () => {
  signIn = await createDevelopmentSignIn({ port: 0, client, nodeEnv: 'test' });
});
afterAll(() => signIn.close());

describe('The development sign-in', () => {
  it('refuses to start in production', async () => {
    await expect(createDevelopmentSignIn({ port: 0, client, nodeEnv: 'production' })).rejects.toThrow(
      /refuses to start/,
    );
  });

  it('describes itself as an OpenID provider with one issuer, PKCE and ES256', async () => {
    const answer = await fetch(`${signIn.url}/.well-known/openid-configuration`);
    const discovery = (await answer.json()) as Record<string, unknown>;
    expect(discovery).toMatchObject({
      issuer: signIn.url,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(discovery.end_session_endpoint).toBe(`${signIn.url}/session/end`);
  });

  it('has a banner that nobody can overlook, runs no script and may not be framed', async () => {
    const query = new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: client.redirectUris[0] ?? '',
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const start = await fetch(`${signIn.url}/auth?${query}`, { redirect: 'manual' });
    const cookie = start.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const page = await fetch(new URL(start.headers.get('location') ?? '', signIn.url), {
      headers: { cookie },
    });
    const html = await page.text();
    expect(html).toContain('For development only.');
    for (const { login } of SAMPLE_PEOPLE) expect(html).toContain(`<button name="login" value="${login}">`);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'/,
    );
    expect(page.headers.get('content-security-policy')).not.toContain('form-action');
  });

  it('refuses authorization requests without PKCE, and addresses that are not registered', async () => {
    const base = { client_id: client.clientId, response_type: 'code', scope: 'openid' };
    const noPkce = await fetch(
      `${signIn.url}/auth?${new URLSearchParams({ ...base, redirect_uri: client.redirectUris[0] ?? '' })}`,
      { redirect: 'manual' },
    );
    expect(noPkce.headers.get('location')).toContain('error=invalid_request');
    const foreign = await fetch(
      `${signIn.url}/auth?${new URLSearchParams({ ...base, redirect_uri: 'http://evil.test/' })}`,
      { redirect: 'manual' },
    );
    expect(foreign.status).toBe(400);
    expect(await foreign.text()).toContain('For development only.');
  });

  it('knows only people that do not exist, at reserved addresses, with stable ids', () => {
    expect(SAMPLE_PEOPLE.map(({ login, sub }) => [login, sub])).toEqual([
      ['amber', 'dev-7q2m4k9xw3ta'],
      ['birch', 'dev-p8c5n1r6hy4d'],
    ]);
    for (const { email } of SAMPLE_PEOPLE) expect(email).toMatch(/@example\.test$/);
  });
});
