-- A site with the newest published version of each of its purposes: what a login needs to know of it.
create function core.find_site(p_tenant text, p_site_id text)
  returns table (site jsonb, secret_sha256 bytea, purposes jsonb)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query
  select to_jsonb(s) - 'secret_sha256', s.secret_sha256, coalesce((
    select jsonb_agg(to_jsonb(newest) order by newest.purpose_id) from (
      select distinct on (p.purpose_id) p.purpose_id, p.version, p.max_duration_days, p.texts, p.dpv_purpose, p.legal_basis
      from core.purposes p
      where p.tenant_id = p_tenant and p.site_id = p_site_id and p.published_at is not null
      order by p.purpose_id, p.version desc
    ) newest), '[]')
  from core.sites s where s.tenant_id = p_tenant and s.site_id = p_site_id;
end $$;
