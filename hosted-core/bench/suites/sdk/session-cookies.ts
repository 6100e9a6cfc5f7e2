import { createUserref } from '@userref/sdk-core';
import type { ExpressAppConfig } from '../../children/express-app.ts';

/** More than the SDK remembers, so that going through them in turns never meets a remembered one. */
const COUNT = 12_000;

/** The same session sealed again and again: cookies of a crowd, as far as opening them goes. */
export async function manyCookies(config: ExpressAppConfig, cookie: string): Promise<string[]> {
  const { issuer, site, siteSecret, sessionSecret, port } = config;
  const userref = createUserref({
    issuer,
    site,
    siteSecret,
    sessionSecret,
    baseUrl: `http://localhost:${port}`,
  });
  const session = await userref.readSession(cookie);
  if (!session) throw new Error('the session of a login cannot be read');
  const revised = await Promise.all(
    Array.from({ length: COUNT }, () => userref.reviseSession(session, { consents: session.consents })),
  );
  return revised.map(({ setCookies }) => setCookies[0]?.split(';')[0] ?? '');
}
