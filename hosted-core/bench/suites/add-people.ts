import { createHash, randomUUID } from 'node:crypto';
import type { Queryable } from '../../src/database/database.ts';
import { newUserRef, randomBase32 } from '../../src/ids/random-ids.ts';

export interface StagedPerson {
  readonly siteId: string;
  readonly subjectId: string;
  readonly userRef: string;
  /** Of the person, for the cell. */
  readonly accessToken: string;
}

export interface WantedPeople {
  readonly tenantId: string;
  readonly region: string;
  /** The cell's address; tokens name it. */
  readonly audience: string;
  readonly purpose: string;
  /** What each of them shares. */
  readonly attributes: readonly string[];
  /** One person at each. */
  readonly siteIds: readonly string[];
}

/** Sites that nobody logs in at: the rows alone. */
export async function addSites(
  admin: Queryable,
  site: { readonly tenantId: string; readonly siteIds: readonly string[]; readonly secret: string },
): Promise<void> {
  await admin.query(
    `insert into core.sites (tenant_id, site_id, name, origin, redirect_uris, secret_sha256)
     select $1, s, s, 'http://localhost:9', '{http://localhost:9/callback}', $3 from unnest($2::text[]) s`,
    [site.tenantId, site.siteIds, createHash('sha256').update(site.secret).digest()],
  );
}

/**
 * People known to core and cell, each at a site, sharing attributes, with a live access token: through the
 * database, not through pages. Nothing lies in the vault yet.
 */
export async function addPeople(admin: Queryable, wanted: WantedPeople): Promise<StagedPerson[]> {
  const { tenantId, region, audience, purpose, attributes } = wanted;
  const people = wanted.siteIds.map((siteId) => ({
    ...{ siteId, subjectId: randomUUID(), userRef: newUserRef(), accessToken: randomBase32(52) },
  }));
  const columns = [
    people.map(({ subjectId }) => subjectId),
    people.map(({ siteId }) => siteId),
    people.map(({ userRef }) => userRef),
    people.map(({ accessToken }) => createHash('sha256').update(accessToken).digest()),
    people.map(() => createHash('sha256').update(randomBase32(52)).digest()),
  ];
  const rows =
    'unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) as u(subject, site, ref, token, grnt)';
  const artifact = 'tenant_id, id_sha256, kind, payload, grant_sha256, site_id, subject_id, expires_at';
  const statements = [
    `insert into core.subjects (tenant_id, subject_id, region) select $1, subject, '${region}' from ${rows}`,
    `insert into cell.people (tenant_id, subject_id) select $1, subject from ${rows}`,
    `insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref) select $1, site, subject, ref from ${rows}`,
    `insert into core.oidc_artifacts (${artifact})
     select $1, grnt, 'Grant', '{}', null, site, subject, now() + interval '1 hour' from ${rows}`,
    `insert into core.oidc_artifacts (${artifact})
     select $1, token, 'AccessToken', '{"aud":"${audience}"}', grnt, site, subject, now() + interval '1 hour' from ${rows}`,
  ];
  for (const statement of statements) await admin.query(statement, [tenantId, ...columns]);
  const consents = people.flatMap(({ subjectId, siteId }) =>
    attributes.map((attribute) => ({ subjectId, siteId, attribute, consentId: `con_${randomBase32(26)}` })),
  );
  await admin.query(
    `insert into cell.consents (tenant_id, consent_id, subject_id, site_id, attribute, purpose_id, purpose_version,
       purpose_text_sha256, locale, state, decided_at, expires_at)
     select $1, consent, subject, site, attribute, '${purpose}', 1, sha256('text'), 'en', 'granted', now(),
       now() + interval '30 days'
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as u(subject, site, attribute, consent)`,
    [
      tenantId,
      consents.map(({ subjectId }) => subjectId),
      consents.map(({ siteId }) => siteId),
      consents.map(({ attribute }) => attribute),
      consents.map(({ consentId }) => consentId),
    ],
  );
  return people;
}
