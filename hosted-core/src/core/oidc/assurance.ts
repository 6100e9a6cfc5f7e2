import type { AssuranceLevel } from '../../wall/region-cell.ts';

const PREFIX = 'urn:userref:assurance:';

/** The `acr` value of an assurance level (OpenID Connect Core §2). */
export function acrOf(level: AssuranceLevel): string {
  return `${PREFIX}${level}`;
}

/** Missing or unknown evidence counts as `low`. */
export function assuranceLevelOf(acr: string | undefined): AssuranceLevel {
  const level = acr?.startsWith(PREFIX) ? acr.slice(PREFIX.length) : 'low';
  return level === 'high' || level === 'substantial' ? level : 'low';
}

export const ACR_VALUES = (['low', 'substantial', 'high'] as const).map(acrOf);
