import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { siteSecretMatches } from '../sites/site.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';
import { siteOfToken } from './site-token-repository.ts';

export interface SiteAuthentication {
  readonly database: Database;
  readonly sites: Pick<SiteDirectory, 'find'>;
  readonly tenantId: string;
  readonly issuer: string;
}

const BASIC = /^basic +([A-Za-z0-9+/]{1,1024}={0,2})$/i;
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]{1,1024}=*)$/i;

/**
 * The site that asks: by its id and secret (RFC 6749 §2.3.1), or by a client credentials token for this core.
 * @throws UserrefError `invalid_token`, whatever is wrong
 */
export async function authenticateSite(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: SiteAuthentication,
): Promise<string> {
  const header = request.headers.authorization ?? '';
  const basic = BASIC.exec(header)?.[1];
  const bearer = BEARER.exec(header)?.[1];
  const siteId =
    (basic !== undefined && (await siteOfSecret(deps, basic))) ||
    (bearer !== undefined && (await siteOfToken(deps.database, { ...deps, token: bearer })));
  if (siteId) return siteId;
  reply.header('www-authenticate', 'Basic realm="userref", Bearer');
  throw new UserrefError('invalid_token', { detail: 'The site could not be recognised by what it sent.' });
}

async function siteOfSecret({ sites }: SiteAuthentication, credentials: string): Promise<string | undefined> {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const [siteId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecoded);
  if (siteId === undefined || secret === undefined || !/^[a-z0-9][a-z0-9-]{2,62}$/.test(siteId))
    return undefined;
  const site = await sites.find(siteId);
  if (site?.status !== 'enabled' || !siteSecretMatches(site.secretSha256, secret)) return undefined;
  return siteId;
}

/** Both halves are form-encoded first (RFC 6749 §2.3.1). */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
