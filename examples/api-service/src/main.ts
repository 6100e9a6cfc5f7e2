import { startApi } from './api.ts';
import { checkOnline } from './check-passport.ts';
import { fromEnvironment, portFromEnvironment } from './settings.ts';

/** Starts the API from the environment. README.md lists the variables. */
const { USERREF_ISSUER: issuer, USERREF_SITE: site } = fromEnvironment('USERREF_ISSUER', 'USERREF_SITE');
const api = await startApi({
  port: portFromEnvironment('API_PORT', 4030),
  check: checkOnline({ issuer, site }),
});
process.stdout.write(`${api.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.close());
