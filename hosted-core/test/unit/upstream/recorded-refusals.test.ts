import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/cell/upstream/management/management-error.ts';
import { ManagementHttp } from '../../../src/cell/upstream/management/management-http.ts';
import { UpstreamClient } from '../../../src/cell/upstream/upstream-client.ts';
import { UserrefError } from '../../../src/errors/userref-error.ts';
import { recordings } from '../../support/fake-logto/recordings.ts';
import type { RecordedExchange } from '../../support/fake-logto/recordings-source.ts';

const refusals = Object.entries(recordings().exchanges).flatMap(([file, exchanges]) =>
  exchanges
    .filter(({ response }) => response.status >= 400)
    .map((exchange) => ({ name: `${file}: ${exchange.name}`, exchange })),
);
const of = (path: RegExp) => refusals.filter(({ exchange }) => path.test(exchange.request.path));

const KIND_OF: Readonly<Record<number, string>> = {
  ...{ 400: 'invalid', 401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 422: 'conflict' },
};

function responseOf({ response }: RecordedExchange): Response {
  const body = typeof response.body === 'string' ? response.body : JSON.stringify(response.body);
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Words of a refusal that may quote people or tokens. */
function wordsOf({ response }: RecordedExchange): string[] {
  const { message, error_description: description } = (response.body ?? {}) as Record<string, unknown>;
  return [message, description].filter((one): one is string => typeof one === 'string' && one.length > 8);
}

describe('Every recorded refusal of the Management API', () => {
  const management = of(/^\/api\/(?!experience|interaction|my-account|verifications)/);

  it('is one of many', () => {
    expect(management.length).toBeGreaterThan(15);
  });

  it.each(management)('$name has a kind, and is not quoted', ({ exchange }) => {
    const { status, body } = exchange.response;
    const refusal = refusalOf(status, body);
    expect(refusal.kind).toBe(exchange.name === 'unknown route' ? 'unexpected' : KIND_OF[status]);
    for (const words of wordsOf(exchange)) expect(refusal.message).not.toContain(words);
  });

  it.each(management.filter(({ exchange }) => exchange.response.status !== 401))(
    '$name is not tried again',
    async ({ exchange }) => {
      let asked = 0;
      const http = new ManagementHttp({
        ...{ endpoint: 'https://logto.example.test', clientId: 'a', clientSecret: 'b', backoffMs: 1 },
        fetch: async (url) => {
          if (String(url).endsWith('/token'))
            return Response.json({ access_token: 'x', expires_in: 3600, scope: 'all' });
          asked += 1;
          return responseOf(exchange);
        },
      });
      await expect(http.send('GET', '/users')).rejects.toMatchObject({ name: 'ManagementError' });
      expect(asked).toBe(1);
    },
  );
});

describe('Every recorded refusal of a token or of userinfo', () => {
  const { discovery } = recordings();
  const client = (endpoint: string, exchange: RecordedExchange) =>
    new UpstreamClient({
      ...{ issuer: String(discovery.issuer), clientId: 'cell', clientSecret: 'secret' },
      ...{ redirectUri: 'https://cell.example.test/cb', postLogoutRedirectUri: 'https://cell.example.test/' },
      fetch: async (url) => {
        if (String(url).includes('openid-configuration')) return Response.json(discovery);
        if (!String(url).endsWith(endpoint)) throw new Error(`not asked in this test: ${String(url)}`);
        return responseOf(exchange);
      },
    });

  it.each(of(/^\/oidc\/token$/))(
    '$name ends the sign-in with a page, and is not quoted',
    async ({ exchange }) => {
      const callback = new URL('https://cell.example.test/cb?code=c&state=s');
      callback.searchParams.set('iss', String(discovery.issuer));
      const request = { state: 's', nonce: 'n', codeVerifier: 'v'.repeat(43) };
      const failure = await client('/oidc/token', exchange)
        .finish(callback, request)
        .catch((error: unknown) => error);
      if (!(failure instanceof UserrefError)) throw new Error('it was not refused');
      const { error } = exchange.response.body as { error?: string };
      expect(failure.code).toBe(error === 'invalid_grant' ? 'interaction_expired' : 'upstream_unavailable');
      for (const words of wordsOf(exchange))
        expect(`${failure.logDetail} ${failure.detail}`).not.toContain(words);
    },
  );
});
