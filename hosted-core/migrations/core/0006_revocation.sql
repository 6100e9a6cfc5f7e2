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
-- list is full, or there is none.
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

-- As before, and: the person's live passports at the site are marked as revoked.
create or replace function core.revoke_site_access(p_tenant text, p_site_id text, p_subject_id uuid) returns int
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

-- 3. Webhooks.
alter table core.webhook_endpoints
  -- backchannel_logout: takes logout tokens (OpenID Connect Back-Channel Logout 1.0) instead of events.
  -- poll: has no address; the site asks for its events, and signs what it acknowledges with the secret.
  add kind text not null default 'events' check (kind in ('events', 'backchannel_logout', 'poll')),
  alter url drop not null,
  -- Null: all.
  add event_types text[] check (cardinality(event_types) > 0),
  -- Ed25519, for `v1a` signatures. Endpoints from before have none until their secret is rotated.
  add sealed_signing_key bytea,
  add public_key text,
  add previous_sealed_signing_key bytea,
  add failing_since timestamptz,
  -- Deliveries at a time: grows with successes, falls to one at a failure.
  add lanes smallint not null default 1 check (lanes between 1 and 4),
  -- The last answer took long; slow endpoints share a few lanes among them all.
  add slow boolean not null default false,
  drop constraint webhook_endpoints_state_check,
  add constraint webhook_endpoints_state_check check (state in ('enabled', 'paused', 'disabled')),
  drop constraint webhook_endpoints_disabled_reason_check,
  add constraint webhook_endpoints_disabled_reason_check check (disabled_reason in ('gone', 'by_operator', 'failing')),
  add check ((kind = 'poll') = (url is null)),
  add check ((sealed_signing_key is null) = (public_key is null));

alter table core.webhook_events
  -- Set for an event that is for one endpoint only, such as a test.
  add endpoint_id uuid,
  -- Place in the site's feed, given when the site first asks: an event that was committed late comes late, and
  -- nobody who asks for «after» misses it.
  add position bigint,
  add confirmation_due_at timestamptz,
  add confirmed_at timestamptz,
  add confirmed_by text check (confirmed_by in ('response', 'ack')),
  -- `webhook-timestamp` and signature of the acknowledgement.
  add confirmation_proof text,
  add check ((confirmed_at is null) = (confirmed_by is null));
create unique index webhook_events_feed on core.webhook_events (tenant_id, site_id, position) where position is not null;
create index webhook_events_unplaced on core.webhook_events (tenant_id, site_id) where position is null;
create index webhook_events_unconfirmed on core.webhook_events (tenant_id, confirmation_due_at)
  where confirmation_due_at is not null and confirmed_at is null;

alter table core.webhook_attempts
  -- The beginning of the answer, with everything redacted that could be a secret or about a person.
  add body_excerpt text check (length(body_excerpt) <= 1024);
create index on core.webhook_deliveries (tenant_id, endpoint_id, sequence) where state = 'pending';
create index on core.webhook_deliveries (tenant_id, endpoint_id) where lease_id is not null;

create table core.event_feeds (
  tenant_id text not null,
  site_id text not null,
  last_position bigint not null,
  primary key (tenant_id, site_id),
  foreign key (tenant_id, site_id) references core.sites
);

do $$
declare name text;
begin
  foreach name in array array['status_lists', 'status_entries', 'status_changes', 'event_feeds'] loop
    execute format('alter table core.%I enable row level security', name);
    execute format('alter table core.%I force row level security', name);
    execute format('create policy tenant_only on core.%I using (tenant_id = core.current_tenant()) with check (tenant_id = core.current_tenant())', name);
  end loop;
end $$;

grant select, insert, update, delete on core.status_lists, core.status_entries, core.status_changes to core_app;
grant select, insert, update on core.event_feeds to core_app;
grant update (position, confirmed_at, confirmed_by, confirmation_proof) on core.webhook_events to core_app;
grant delete on core.webhook_events, core.webhook_deliveries, core.webhook_attempts to core_app;

-- The site's events after a position, oldest first. New ones get their places here, one asker at a time.
create function core.read_event_feed(p_tenant text, p_site_id text, p_after bigint, p_limit int)
  returns table (event_id text, place bigint, body bytea, confirmed boolean)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare v_last bigint;
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform from core.webhook_events e
  where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position is null and e.endpoint_id is null limit 1;
  if found then
    insert into core.event_feeds (tenant_id, site_id, last_position) values (p_tenant, p_site_id, 0)
    on conflict do nothing;
    select f.last_position into v_last from core.event_feeds f
    where f.tenant_id = p_tenant and f.site_id = p_site_id for update;
    with fresh as (
      select e.event_id, row_number() over (order by e.created_at, e.event_id) as n from core.webhook_events e
      where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position is null and e.endpoint_id is null
    ), placed as (
      update core.webhook_events e set position = v_last + fresh.n from fresh
      where e.tenant_id = p_tenant and e.event_id = fresh.event_id returning e.position
    )
    update core.event_feeds f set last_position = (select max(p.position) from placed p)
    where f.tenant_id = p_tenant and f.site_id = p_site_id and exists (select from placed);
  end if;
  return query
  select e.event_id, e.position, e.body, e.confirmed_at is not null from core.webhook_events e
  where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position > p_after
  order by e.position limit p_limit;
end $$;

-- As before, and: an endpoint has a few deliveries at a time, one while it fails; slow ones share a few lanes;
-- at a paused one everything waits. The endpoint's row is locked last, as by those who finish a delivery.
create or replace function core.claim_webhook_delivery(p_tenant text, p_delivery_id uuid, p_lease interval)
  returns table (lease_id uuid, retry_at timestamptz)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_now timestamptz;
  v_delivery core.webhook_deliveries;
  v_endpoint core.webhook_endpoints;
  v_retry_at timestamptz;
  v_lease_id uuid;
begin
  perform set_config('userref.tenant', p_tenant, true);
  select * into v_delivery from core.webhook_deliveries d
  where d.tenant_id = p_tenant and d.delivery_id = p_delivery_id for update;
  if not found or v_delivery.state <> 'pending' then return; end if;

  -- Waits for workers that are just now claiming or finishing an earlier event of the same person.
  perform 1 from core.webhook_deliveries e
  where e.tenant_id = p_tenant and e.endpoint_id = v_delivery.endpoint_id and e.user_ref = v_delivery.user_ref
    and e.state = 'pending' and e.sequence < v_delivery.sequence
  order by e.sequence for share;

  select * into v_endpoint from core.webhook_endpoints e
  where e.tenant_id = p_tenant and e.endpoint_id = v_delivery.endpoint_id for no key update;
  if v_endpoint.state = 'paused' then return; end if;
  if v_endpoint.state = 'disabled' then
    update core.webhook_deliveries d
    set state = 'parked', finished_at = clock_timestamp(), lease_id = null, lease_expires_at = null
    where d.tenant_id = p_tenant and d.delivery_id = p_delivery_id;
    return;
  end if;

  v_now := clock_timestamp();
  v_retry_at := greatest(v_delivery.next_attempt_at, v_delivery.lease_expires_at);
  if v_retry_at <= v_now then
    -- Order per person: an earlier event goes first while it is being sent or is due soon. One that keeps
    -- failing does not hold up the others: a revocation behind it must not wait for hours.
    select greatest(e.next_attempt_at, e.lease_expires_at, v_now + interval '1 second') into v_retry_at
    from core.webhook_deliveries e
    where e.tenant_id = p_tenant and e.endpoint_id = v_delivery.endpoint_id and e.user_ref = v_delivery.user_ref
      and e.state = 'pending' and e.sequence < v_delivery.sequence
      and e.next_attempt_at <= v_now + interval '15 seconds'
    order by e.sequence limit 1;
  end if;
  if v_retry_at is null or v_retry_at <= v_now then
    v_retry_at := core.webhook_lane_free_at(v_endpoint, p_delivery_id, v_now, p_lease);
  end if;
  if v_retry_at > v_now then
    return query select null::uuid, v_retry_at;
    return;
  end if;

  v_lease_id := gen_random_uuid();
  update core.webhook_deliveries d
  set lease_id = v_lease_id, lease_expires_at = v_now + p_lease, attempts = d.attempts + 1
  where d.tenant_id = p_tenant and d.delivery_id = p_delivery_id;
  return query select v_lease_id, null::timestamptz;
end $$;

-- When to ask for a lane again; null when one is free. Whoever finishes a delivery wakes the next, so the
-- time is only for when nobody does.
create function core.webhook_lane_free_at(
  p_endpoint core.webhook_endpoints, p_delivery_id uuid, p_now timestamptz, p_lease interval
) returns timestamptz
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from core.webhook_deliveries d
  where d.tenant_id = p_endpoint.tenant_id and d.endpoint_id = p_endpoint.endpoint_id
    and d.delivery_id <> p_delivery_id and d.lease_id is not null and d.lease_expires_at > p_now
  having count(*) >= p_endpoint.lanes;
  if found then return p_now + p_lease * (1 + random() / 4); end if;
  if not p_endpoint.slow then return null; end if;
  -- Those lanes belong to all slow endpoints together, so they are looked at one by one.
  perform pg_advisory_xact_lock(hashtextextended('userref-slow-lanes/' || p_endpoint.tenant_id, 0));
  perform from core.webhook_deliveries d
  join core.webhook_endpoints e on e.tenant_id = d.tenant_id and e.endpoint_id = d.endpoint_id and e.slow
  where d.tenant_id = p_endpoint.tenant_id and d.lease_id is not null and d.lease_expires_at > p_now
    and d.delivery_id <> p_delivery_id
  having count(*) >= 4;
  if found then return p_now + interval '2 seconds' * (1 + random()); end if;
  return null;
end $$;

-- Forgets events, with everything about them, that are older than p_before and no longer on their way.
create function core.prune_webhook_events(p_tenant text, p_before timestamptz, p_limit int) returns int
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_events text[];
begin
  perform set_config('userref.tenant', p_tenant, true);
  select array_agg(event_id) into v_events from (
    select e.event_id from core.webhook_events e
    where e.tenant_id = p_tenant and e.created_at < p_before
      and not exists (select from core.webhook_deliveries d
        where d.tenant_id = p_tenant and d.event_id = e.event_id
          and (d.state = 'pending' or d.finished_at >= p_before))
    limit p_limit for update of e skip locked
  ) old;
  delete from core.webhook_attempts a using core.webhook_deliveries d
  where a.tenant_id = p_tenant and d.tenant_id = p_tenant and a.delivery_id = d.delivery_id and d.event_id = any (v_events);
  delete from core.webhook_deliveries d where d.tenant_id = p_tenant and d.event_id = any (v_events);
  delete from core.webhook_events e where e.tenant_id = p_tenant and e.event_id = any (v_events);
  return coalesce(cardinality(v_events), 0);
end $$;
