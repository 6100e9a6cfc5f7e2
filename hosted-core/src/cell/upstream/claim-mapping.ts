/** Attribute → where its claim is: member names from the outside in. */
export type ClaimMapping = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the setting `USERREF_UPSTREAM_CLAIMS`: `contact:email=mail,profile:name=person.display_name`. Dots lead
 * into objects; a claim whose own name has dots or a URL's form is written with `\.` for each of its dots.
 * @throws TypeError for an attribute that is not in the catalogue, or one that is given twice
 */
export function parseClaimMapping(
  text: string | undefined,
  knows: (attribute: string) => boolean,
): ClaimMapping {
  const mapping = new Map<string, readonly string[]>();
  for (const pair of (text ?? '').split(',').filter(Boolean)) {
    const [attribute = '', claim = ''] = pair.split('=');
    if (!knows(attribute)) throw new TypeError(`USERREF_UPSTREAM_CLAIMS: there is no attribute ${attribute}`);
    if (mapping.has(attribute)) throw new TypeError(`USERREF_UPSTREAM_CLAIMS: ${attribute} is given twice`);
    mapping.set(
      attribute,
      claim.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.')),
    );
  }
  return mapping;
}

/** What the mapping leads to; `undefined` where it leads nowhere. */
export function mappedClaim(claims: unknown, path: readonly string[]): unknown {
  let value = claims;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
