-- Sealed attributes: which sites may receive them. The operator registers the scope `sealed` for a site.

-- Asked by the cell's half, like core.introspect_access_token: from inside its own functions only.
create function core.site_may_seal(p_tenant text, p_site_id text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from core.sites s
    where s.tenant_id = p_tenant and s.site_id = p_site_id and s.status = 'enabled' and 'sealed' = any (s.attribute_scopes))
$$;
revoke all on function core.site_may_seal(text, text) from public;
