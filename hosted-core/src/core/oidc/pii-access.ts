import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { PiiAccess } from '../../wall/catalogue.ts';
import type { RegionCell } from '../../wall/region-cell.ts';
import type { SiteDirectory } from '../sites/site-directory.ts';

/** The one type of `authorization_details` (RFC 9396) here: reading attributes for a purpose. */
export const PII_ACCESS = 'pii_access';
const MEMBERS = ['type', 'actions', 'locations', 'datatypes', 'purpose'];
const MAX_DETAILS = 8;
const MAX_DATATYPES = 32;

/** The details of a request that the engine has accepted; none when it has none. */
export function requestedDetails(ctx: KoaContextWithOIDC): PiiAccess[] {
  const sent = ctx.oidc.params?.authorization_details;
  return typeof sent === 'string' ? (JSON.parse(sent) as PiiAccess[]) : [];
}

/**
 * Checks one detail against the site's registration, strictly: a member that we do not know might mean to narrow
 * what we would then hand out in full (RFC 9396 §5).
 */
export function checkPiiAccess({ cell, sites }: { cell: RegionCell; sites: SiteDirectory }) {
  return async (ctx: KoaContextWithOIDC, detail: Record<string, unknown>): Promise<void> => {
    const problem = shapeProblem(detail, cell) ?? requestProblem(ctx, detail as unknown as PiiAccess);
    if (problem) throw new errors.InvalidAuthorizationDetails(problem);
    const { datatypes, purpose } = detail as unknown as PiiAccess;
    const registered = (ctx.oidc.client as unknown as { attribute_scopes: string[] }).attribute_scopes;
    if (datatypes.some((name) => !registered.includes(name)))
      throw new errors.InvalidAuthorizationDetails('this site is not registered for a named datatype');
    if (!(await sites.findPurpose(ctx.oidc.client?.clientId ?? '', purpose)))
      throw new errors.InvalidAuthorizationDetails('the purpose is not registered for this site');
  };
}

function shapeProblem(detail: Record<string, unknown>, cell: RegionCell): string | undefined {
  const strange = Object.keys(detail).find((name) => !MEMBERS.includes(name));
  if (strange) return 'a pii_access detail has a member that is not known';
  const { actions, locations, datatypes, purpose } = detail;
  if (!isList(actions) || actions.length !== 1 || actions[0] !== 'read') return 'actions must be ["read"]';
  if (!isList(locations) || locations.length !== 1 || locations[0] !== cell.resource)
    return 'locations must name the cell';
  if (!isList(datatypes) || datatypes.length === 0 || datatypes.length > MAX_DATATYPES)
    return 'datatypes must name attributes';
  if (new Set(datatypes).size < datatypes.length) return 'datatypes must name each attribute once';
  if (typeof purpose !== 'string') return 'purpose must name a purpose of the site';
  return undefined;
}

/** One question, one purpose: the person decides on what they see in front of them. */
function requestProblem(ctx: KoaContextWithOIDC, { purpose }: PiiAccess): string | undefined {
  const details = requestedDetails(ctx);
  if (details.length > MAX_DETAILS) return 'too many authorization details';
  const parameter = ctx.oidc.params?.purpose;
  const others = [...details.map((one) => one.purpose), ...(parameter === undefined ? [] : [parameter])];
  return others.every((one) => one === purpose) ? undefined : 'all details must be for one purpose';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/**
 * Of what was asked for, what the person shares now: never more than asked, and nothing that was withdrawn or has
 * run out. `undefined` when nothing is left.
 */
export async function grantedDetails(
  { tenantId, cell }: { tenantId: string; cell: RegionCell },
  asked: readonly PiiAccess[] | undefined,
  who: { siteId: string | undefined; subjectId: string | undefined },
): Promise<PiiAccess[] | undefined> {
  const { siteId, subjectId } = who;
  if (!asked?.length || !siteId || !subjectId) return undefined;
  const purposeId = asked[0]?.purpose ?? '';
  const live = await cell.liveConsents({ tenantId, siteId, subjectId, purposeId });
  const granted = asked
    .filter((one) => one.type === PII_ACCESS && one.purpose === purposeId)
    .map((one) => ({ ...one, datatypes: one.datatypes.filter((name) => live.includes(name)) }))
    .filter(({ datatypes }) => datatypes.length > 0);
  return granted.length > 0 ? granted : undefined;
}

interface TokenLike {
  readonly clientId?: string;
  readonly accountId?: string;
  readonly rar?: PiiAccess[];
}

/** What the engine needs to carry details from the request into codes, tokens and introspection. */
export function richAuthorizationRequests(options: {
  tenantId: string;
  cell: RegionCell;
  sites: SiteDirectory;
}) {
  const of = (token: TokenLike) => ({ siteId: token.clientId, subjectId: token.accountId });
  return {
    enabled: true,
    types: { [PII_ACCESS]: { validate: checkPiiAccess(options) } },
    authorizationDetailsForGrantSource: (ctx: KoaContextWithOIDC, source: TokenLike) =>
      grantedDetails(options, requestedDetails(ctx), of(source)),
    async authorizationDetailsForAccessToken(ctx: KoaContextWithOIDC, token: TokenLike, source?: TokenLike) {
      const wanted = requestedDetails(ctx);
      // At the token endpoint a request may only narrow what the person agreed to (RFC 9396 §6.1).
      const within = (source?.rar ?? []).flatMap((one) => narrowed(one, wanted));
      return grantedDetails(options, within, of(token));
    },
    authorizationDetailsForIntrospection: (_ctx: KoaContextWithOIDC, token: TokenLike) =>
      grantedDetails(options, token.rar, of(token)),
  };
}

function narrowed(granted: PiiAccess, wanted: readonly PiiAccess[]): PiiAccess[] {
  if (wanted.length === 0) return [granted];
  const named = wanted.filter(({ purpose }) => purpose === granted.purpose);
  const asked = new Set(named.flatMap(({ datatypes }) => datatypes));
  if ([...asked].some((name) => !granted.datatypes.includes(name)))
    throw new errors.InvalidAuthorizationDetails('more was asked for than was granted');
  return [{ ...granted, datatypes: granted.datatypes.filter((name) => asked.has(name)) }];
}
