import { once } from 'node:events';
import { createServer } from 'node:http';
import { createUserref } from '@userref/sdk-core';

export interface SignInOptions {
  readonly issuer: string;
  readonly site: string;
  readonly siteSecret: string;
  /** Port on 127.0.0.1 that the browser comes back to; `http://localhost:{port}/userref/callback` is registered. */
  readonly port: number;
  /** Told where a browser must go. */
  readonly onAddress: (url: string) => void;
}

/**
 * Signs a person in by their browser, as a program without pages does it (RFC 8252 §7.3), and gives the passport
 * that came back. It was verified on the way.
 */
export async function getPassport({ port, onAddress, ...site }: SignInOptions): Promise<string> {
  let passport = '';
  const userref = createUserref({
    ...site,
    baseUrl: `http://localhost:${port}`,
    sessionSecret: crypto.randomUUID(),
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const answer = (await response.clone().json()) as { id_token?: unknown };
      if (typeof answer.id_token === 'string') passport = answer.id_token;
      return response;
    },
  });
  const { url, setCookies } = await userref.startLogin();
  const cookieHeader = setCookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
  const back = addressThatComesBack(port, userref.paths.callback);
  onAddress(url);
  await userref.finishLogin({ url: await back, cookieHeader });
  return passport;
}

async function addressThatComesBack(port: number, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const isBack = request.url?.startsWith(`${path}?`) === true;
    response.writeHead(isBack ? 200 : 404, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
    response.end(isBack ? 'Signed in. You can close this page.\n' : '');
    if (isBack) resolve(request.url ?? '');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return promise.finally(() => server.close());
}
