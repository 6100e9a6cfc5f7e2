-- Erasure at the core: tombstones, which sites were told, and nothing that could bring a person back.

-- How a tombstone names a person without keeping their id: whoever still has the id, such as a restored
-- backup, finds the tombstone; nobody finds the id. 122 random bits cannot be tried out. The cell's function
-- of the same name gives the same bytes.
create function core.tombstone_hash(p_tenant text, p_subject_id uuid) returns bytea
  language sql immutable parallel safe
  return sha256(('userref/tombstone/v1|' || p_tenant || '|' || p_subject_id::text)::bytea);

-- Append-only, gapless per tenant: the ledger outside of the database is a copy of it, line by line.
create table core.tombstones (
  tenant_id text not null references core.tenants,
  tombstone_id uuid not null default gen_random_uuid(),
  sequence bigint not null check (sequence > 0),
  subject_sha256 bytea not null check (octet_length(subject_sha256) = 32),
  request_id text not null check (length(request_id) between 8 and 64),
  erased_at timestamptz not null,
  -- Until then a backup may exist that still opens the data.
  backups_until timestamptz not null,
  primary key (tenant_id, tombstone_id),
  unique (tenant_id, sequence),
  unique (tenant_id, subject_sha256),
  unique (tenant_id, request_id)
);

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
create index on core.webhook_events (tenant_id, user_ref) where user_ref is not null;

do $$
declare name text;
begin
  foreach name in array array['tombstones', 'erasure_notices'] loop
    execute format('alter table core.%I enable row level security', name);
    execute format('alter table core.%I force row level security', name);
    execute format('create policy tenant_only on core.%I using (tenant_id = core.current_tenant()) with check (tenant_id = core.current_tenant())', name);
  end loop;
end $$;

grant select, insert on core.tombstones to core_app;
-- After a restore, tombstones that the outside ledger does not know yet move behind those that it knows.
grant update (sequence) on core.tombstones to core_app;
grant select, insert on core.erasure_notices to core_app;
grant update (event_id, state, state_at) on core.erasure_notices to core_app;
grant delete on core.subjects, core.webhook_events, core.webhook_deliveries, core.webhook_attempts to core_app;

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

-- As before, and null for a person who is erased while the pseudonym is being made.
create or replace function core.connect_site(p_tenant text, p_site_id text, p_subject_id uuid, p_candidate text)
  returns text
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare found_ref text;
begin
  perform set_config('userref.tenant', p_tenant, true);
  insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref)
  select p_tenant, p_site_id, p_subject_id, p_candidate
  from core.subjects where tenant_id = p_tenant and subject_id = p_subject_id and status = 'active'
  on conflict (tenant_id, site_id, subject_id) do nothing
  returning user_ref into found_ref;
  if found_ref is not null then
    perform core.append_audit(jsonb_build_array(jsonb_build_object(
      'tenant_id', p_tenant, 'action', 'site.connected', 'site_id', p_site_id,
      'subject_ref', (select audit_ref from core.subjects where tenant_id = p_tenant and subject_id = p_subject_id))));
    return found_ref;
  end if;
  select user_ref into found_ref from core.pairwise_links
  where tenant_id = p_tenant and site_id = p_site_id and subject_id = p_subject_id;
  return found_ref;
exception when foreign_key_violation then
  return null;
end $$;

-- As before, and: nothing is written for a person who is not there (any more). Their row is held until the
-- commit, so an erasure comes either before, and then nothing is written, or after, and then it sees it all.
create or replace function core.write_artifacts(p_tenant text, p_writes jsonb) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  wanted int := coalesce(jsonb_array_length(p_writes -> 'consume'), 0);
  done int := 0;
  people uuid[];
begin
  perform set_config('userref.tenant', p_tenant, true);
  if p_writes ? 'put' then
    people := array(select distinct (w ->> 'subject_id')::uuid from jsonb_array_elements(p_writes -> 'put') w
      where w ->> 'subject_id' is not null);
    perform 1 from core.subjects s where s.tenant_id = p_tenant and s.subject_id = any (people)
    order by s.subject_id for key share;
    get diagnostics done = row_count;
    if done < cardinality(people) then return false; end if;
  end if;
  if wanted > 0 then
    update core.oidc_artifacts set consumed_at = now()
    where tenant_id = p_tenant and consumed_at is null
      and id_sha256 in (select decode(value, 'hex') from jsonb_array_elements_text(p_writes -> 'consume'));
    get diagnostics done = row_count;
    if done < wanted then
      -- Undo what was consumed in this call: the caller acts on the conflict as a whole.
      raise exception using errcode = 'UR001', message = 'already consumed';
    end if;
  end if;
  if p_writes ? 'remove' then
    delete from core.oidc_artifacts
    where tenant_id = p_tenant
      and id_sha256 in (select decode(value, 'hex') from jsonb_array_elements_text(p_writes -> 'remove'));
  end if;
  if p_writes ? 'put' then
    insert into core.oidc_artifacts
      (tenant_id, id_sha256, kind, payload, grant_sha256, session_uid, site_id, subject_id, expires_at)
    select p_tenant, decode(w.id, 'hex'), w.kind, w.payload, decode(w.grant, 'hex'), w.session_uid, w.site_id,
      w.subject_id, to_timestamp(w.exp)
    from jsonb_to_recordset(p_writes -> 'put')
      as w(id text, kind text, payload jsonb, "grant" text, session_uid text, site_id text, subject_id uuid, exp bigint)
    on conflict (tenant_id, id_sha256) do update set
      payload = excluded.payload, grant_sha256 = excluded.grant_sha256, session_uid = excluded.session_uid,
      site_id = excluded.site_id, subject_id = excluded.subject_id, expires_at = excluded.expires_at;
  end if;
  if p_writes ? 'signed_in' then
    update core.pairwise_links l set last_sign_in_at = now()
    from jsonb_to_recordset(p_writes -> 'signed_in') as w(site_id text, subject_id uuid)
    where l.tenant_id = p_tenant and l.site_id = w.site_id and l.subject_id = w.subject_id;
  end if;
  if p_writes ? 'audit' then
    perform core.append_audit(p_writes -> 'audit');
  end if;
  return true;
exception when sqlstate 'UR001' then
  return false;
end $$;
