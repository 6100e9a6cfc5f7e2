-- Revocation: no read slips through one, passports show it offline, sites hear of it whatever happens.

-- 1. Reads in flight. A release holds these keys, shared, from its last look at the permission until its audit
-- entry is committed; whoever takes a permission away holds them alone. So a read that was under way when a
-- revocation was acknowledged was either written down before it, or is refused. The cell's function of the
-- same name gives the same keys.
create function core.release_lock(p_what text, p_tenant text, p_id text) returns bigint
  language sql immutable parallel safe
  return hashtextextended('userref-release/' || p_what || '/' || p_tenant || '/' || p_id, 0);

create function core.await_releases() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_row record := coalesce(new, old);
begin
  case tg_table_name
    when 'sites' then
      perform pg_advisory_xact_lock(core.release_lock('site', v_row.tenant_id, v_row.site_id));
    when 'oidc_artifacts' then
      perform pg_advisory_xact_lock(case when v_row.subject_id is null
        then core.release_lock('site', v_row.tenant_id, v_row.site_id)
        else core.release_lock('subject', v_row.tenant_id, v_row.subject_id::text) end);
    else
      perform pg_advisory_xact_lock(core.release_lock('subject', v_row.tenant_id, v_row.subject_id::text));
  end case;
  return null;
end $$;

create trigger await_releases after delete on core.oidc_artifacts for each row
  when (old.kind in ('AccessToken', 'Grant', 'ClientCredentials') and old.expires_at > now()
    and coalesce(old.subject_id::text, old.site_id) is not null)
  execute function core.await_releases();
create trigger await_releases after update of status on core.sites for each row
  when (old.status = 'enabled' and new.status <> 'enabled') execute function core.await_releases();
create trigger await_releases after update of status on core.subjects for each row
  when (old.status = 'active' and new.status <> 'active') execute function core.await_releases();
create trigger await_releases after delete on core.pairwise_links for each row execute function core.await_releases();

-- 2. Token Status List (draft-ietf-oauth-status-list-21). Lists belong to one site, positions are random, so
-- two sites cannot tell from theirs that they share a person.
create table core.status_lists (
  tenant_id text not null,
  list_id text not null check (list_id ~ '^[a-z2-7]{26}$'),
  site_id text not null,
  size int not null check (size % 8 = 0),
  -- Positions that no passport ever gets.
  decoys bytea not null,
  -- What was published last, bit 0 the lowest of byte 0; decoys included.
  bits bytea not null,
  used int not null default 0,
  accepts boolean not null default true,
  -- No passport with a position here lives longer.
  live_until timestamptz not null default now(),
  token text,
  etag text,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, list_id),
  foreign key (tenant_id, site_id) references core.sites,
  check (length(decoys) = size / 8 and length(bits) = size / 8)
);
create unique index one_open_status_list on core.status_lists (tenant_id, site_id) where accepts;

-- Which live passport has which position. Deleted when the passport has expired.
create table core.status_entries (
  tenant_id text not null,
  list_id text not null,
  idx int not null check (idx >= 0),
  site_id text not null,
  subject_id uuid not null,
  -- The session, as this site knows it.
  sid text,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (tenant_id, list_id, idx),
  foreign key (tenant_id, list_id) references core.status_lists,
  foreign key (tenant_id, subject_id) references core.subjects
);
create index on core.status_entries (tenant_id, subject_id, site_id);
create index on core.status_entries (tenant_id, site_id) where revoked_at is null;
create index on core.status_entries (tenant_id, expires_at);

-- Bits to set at the next publication. Without any person in them, they outlive an erasure.
create table core.status_changes (
  tenant_id text not null,
  list_id text not null,
  idx int not null,
  primary key (tenant_id, list_id, idx),
  foreign key (tenant_id, list_id) references core.status_lists
);

-- A position of the site's open list: the first of the candidates that is free. No row: none was free, the
-- list is full, or there is none. A position whose bit waits to be published belongs to nobody: after an erasure
-- its entry is gone and the bit is not there yet; a new passport there would be born revoked a moment later.
create function core.allocate_status(
  p_tenant text, p_site_id text, p_subject_id uuid, p_sid text, p_expires_at timestamptz, p_candidates int[]
) returns table (list_id text, idx int)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_list core.status_lists;
  v_idx int;
begin
  perform set_config('userref.tenant', p_tenant, true);
  update core.status_lists l
  set used = l.used + 1, accepts = l.used + 1 < l.size * 3 / 8, live_until = greatest(l.live_until, p_expires_at)
  where l.tenant_id = p_tenant and l.site_id = p_site_id and l.accepts
  returning l.* into v_list;
  if not found then return; end if;
  select c into v_idx from unnest(p_candidates) with ordinality as u(c, n)
  where c between 0 and v_list.size - 1 and get_bit(v_list.decoys, c) = 0
    and not exists (select from core.status_entries e
      where e.tenant_id = p_tenant and e.list_id = v_list.list_id and e.idx = c)
    and not exists (select from core.status_changes w
      where w.tenant_id = p_tenant and w.list_id = v_list.list_id and w.idx = c)
    and get_bit(v_list.bits, c) = 0
  order by n limit 1;
  if not found then return; end if;
  insert into core.status_entries (tenant_id, list_id, idx, site_id, subject_id, sid, expires_at)
  values (p_tenant, v_list.list_id, v_idx, p_site_id, p_subject_id, p_sid, p_expires_at);
  return query select v_list.list_id, v_idx;
end $$;

create function core.create_status_list(
  p_tenant text, p_list_id text, p_site_id text, p_size int, p_decoys bytea, p_bits bytea
) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  insert into core.status_lists (tenant_id, list_id, site_id, size, decoys, bits)
  values (p_tenant, p_list_id, p_site_id, p_size, p_decoys, p_bits)
  on conflict (tenant_id, site_id) where accepts do nothing;
end $$;

-- Marks live passports as revoked, in the caller's transaction; null for any. Answers how many.
create function core.revoke_passports(p_tenant text, p_site_id text, p_subject_id uuid, p_sid text) returns int
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare revoked int;
begin
  perform set_config('userref.tenant', p_tenant, true);
  with hit as (
    update core.status_entries e set revoked_at = now()
    where e.tenant_id = p_tenant and e.revoked_at is null and e.expires_at > now()
      and (p_site_id is null or e.site_id = p_site_id)
      and (p_subject_id is null or e.subject_id = p_subject_id)
      and (p_sid is null or e.sid = p_sid)
    returning e.list_id, e.idx
  ), noted as (
    insert into core.status_changes (tenant_id, list_id, idx)
    select p_tenant, list_id, idx from hit on conflict do nothing
  )
  select count(*) into revoked from hit;
  return revoked;
end $$;

create function core.read_status_list(p_tenant text, p_list_id text)
  returns table (token text, etag text, published_at timestamptz, changed boolean)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query
  select l.token, l.etag, l.published_at, exists (select from core.status_changes c
    where c.tenant_id = p_tenant and c.list_id = p_list_id)
  from core.status_lists l where l.tenant_id = p_tenant and l.list_id = p_list_id;
end $$;

-- Ends a site's access to a person: every code, token and grant goes, every live passport is marked as revoked.
create function core.revoke_site_access(p_tenant text, p_site_id text, p_subject_id uuid) returns int
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare removed int;
begin
  perform set_config('userref.tenant', p_tenant, true);
  delete from core.oidc_artifacts
  where tenant_id = p_tenant and site_id = p_site_id and subject_id = p_subject_id
    and kind in ('AccessToken', 'RefreshToken', 'AuthorizationCode', 'Grant');
  get diagnostics removed = row_count;
  perform core.revoke_passports(p_tenant, p_site_id, p_subject_id, null);
  return removed;
end $$;

call core.tenant_only('core.status_lists', 'core.status_entries', 'core.status_changes');

grant select, insert, update, delete on core.status_lists, core.status_entries, core.status_changes to core_app;
