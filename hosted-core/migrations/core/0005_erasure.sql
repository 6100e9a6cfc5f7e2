-- Erasure at the core: which sites were told, and nothing that could bring a person back.

-- Which sites an erasure concerned. `event_id` leads to the webhook, and so to the user_ref, until the site
-- has it and a short time has passed; then the state stands here and the webhook is forgotten.
create table core.erasure_notices (
  tenant_id text not null,
  request_id text not null,
  site_id text not null,
  -- What this site alone knows the erasure by: one id for all would tell two sites that they share a person.
  site_request_id text not null check (site_request_id ~ '^era_[a-z2-7]{26}$'),
  event_id text,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'parked', 'no_endpoint')),
  state_at timestamptz not null,
  primary key (tenant_id, request_id, site_id),
  unique (tenant_id, site_request_id),
  foreign key (tenant_id, request_id) references core.tombstones (tenant_id, request_id),
  foreign key (tenant_id, site_id) references core.sites
);
create index on core.erasure_notices (tenant_id) where event_id is not null;

-- A restored backup is searched for people who have a tombstone.
create index subjects_by_tombstone on core.subjects (core.tombstone_hash(tenant_id, subject_id));

call core.tenant_only('core.erasure_notices');

grant select, insert on core.erasure_notices to core_app;
grant update (event_id, state, state_at) on core.erasure_notices to core_app;
grant delete on core.subjects to core_app;

-- One erasure and one first sign-in of the same person follow each other, also before there is a row to lock.
create function core.lock_subject(p_tenant text, p_subject_id uuid) returns void
  language sql volatile
  begin atomic
    select pg_advisory_xact_lock(hashtextextended('userref-subject/' || p_tenant || '/' || p_subject_id, 0));
  end;

-- Takes note of a person that a cell signed in, unless they were erased meanwhile. False when they were.
create function core.ensure_subject(p_tenant text, p_subject_id uuid, p_region text) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform 1 from core.subjects where tenant_id = p_tenant and subject_id = p_subject_id;
  if found then return true; end if;
  perform core.lock_subject(p_tenant, p_subject_id);
  perform 1 from core.tombstones
  where tenant_id = p_tenant and subject_sha256 = core.tombstone_hash(p_tenant, p_subject_id);
  if found then return false; end if;
  insert into core.subjects (tenant_id, subject_id, region) values (p_tenant, p_subject_id, p_region)
  on conflict do nothing;
  return true;
end $$;
