-- Whether reads that were allowed a moment ago still are: as core.introspect_access_token, for a batch of them
-- in one statement. For each, in order: does this live token of this site still reach this person?
create function core.access_holds(
  p_tenant text, p_tokens bytea[], p_audiences text[], p_user_refs text[], p_site_ids text[], p_subject_ids uuid[]
) returns boolean[]
  language plpgsql stable security definer
  -- A plan made while the tables are small must not read all of them when they are large.
  set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  return array(
    select exists (
      select from core.oidc_artifacts a
      join core.sites s on s.tenant_id = p_tenant and s.site_id = a.site_id and s.status = 'enabled'
      join core.subjects p on p.tenant_id = p_tenant and p.subject_id = asked.subject_id and p.status = 'active'
      where a.tenant_id = p_tenant and a.id_sha256 = asked.token and a.expires_at > now()
        and a.payload ->> 'aud' = asked.audience and a.site_id = asked.site_id
        and case a.kind
          when 'AccessToken' then asked.user_ref is null and a.subject_id = asked.subject_id and exists (
            select from core.oidc_artifacts g
            where g.tenant_id = p_tenant and g.id_sha256 = a.grant_sha256 and g.kind = 'Grant' and g.expires_at > now())
          when 'ClientCredentials' then exists (
            select from core.pairwise_links l
            where l.tenant_id = p_tenant and l.user_ref = asked.user_ref and l.site_id = a.site_id
              and l.subject_id = asked.subject_id)
          else false end
    )
    from unnest(p_tokens, p_audiences, p_user_refs, p_site_ids, p_subject_ids)
      with ordinality as asked(token, audience, user_ref, site_id, subject_id, n)
    order by asked.n);
end $$;
revoke all on function core.access_holds(text, bytea[], text[], text[], text[], uuid[]) from public;
