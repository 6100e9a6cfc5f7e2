import { getPassport } from './get-passport.ts';
import { fromEnvironment, portFromEnvironment } from './settings.ts';

/** Prints a passport on stdout; what to do is told on stderr. */
const variables = fromEnvironment('USERREF_ISSUER', 'USERREF_SITE', 'USERREF_SITE_SECRET');
const passport = await getPassport({
  issuer: variables.USERREF_ISSUER,
  site: variables.USERREF_SITE,
  siteSecret: variables.USERREF_SITE_SECRET,
  port: portFromEnvironment('SIGN_IN_PORT', 4031),
  onAddress: (url) => process.stderr.write(`Open in a browser:\n${url}\n`),
});
process.stdout.write(`${passport}\n`);
