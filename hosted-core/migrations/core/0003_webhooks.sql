-- Webhooks: where sites want events, the outbox, and every attempt to deliver.

create table core.webhook_endpoints (
  tenant_id text not null,
  endpoint_id uuid not null default gen_random_uuid(),
  site_id text not null,
  url text not null check (length(url) <= 2048),
  sealed_secret bytea not null,
  -- During a rotation both secrets sign; the old one until this time.
  previous_sealed_secret bytea,
  previous_valid_until timestamptz,
  state text not null default 'enabled' check (state in ('enabled', 'disabled')),
  disabled_reason text check (disabled_reason in ('gone', 'by_operator')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, endpoint_id),
  foreign key (tenant_id, site_id) references core.sites,
  check ((previous_sealed_secret is null) = (previous_valid_until is null)),
  check ((state = 'disabled') = (disabled_reason is not null))
);
create index on core.webhook_endpoints (tenant_id, site_id);

create table core.webhook_events (
  tenant_id text not null,
  event_id text not null check (event_id ~ '^evt_[a-z2-7]{26}$'),
  site_id text not null,
  type text not null,
  user_ref text check (user_ref ~ '^ppid_[a-z2-7]{26}$'),
  -- The exact bytes, so that every attempt sends the same body.
  body bytea not null check (length(body) <= 20000),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, event_id),
  foreign key (tenant_id, site_id) references core.sites
);
create index on core.webhook_events (tenant_id, site_id, created_at);

create table core.webhook_deliveries (
  tenant_id text not null,
  delivery_id uuid not null default gen_random_uuid(),
  -- Order of publication. Stays inside: order across sites would tell who belongs together.
  sequence bigint not null generated always as identity,
  event_id text not null,
  endpoint_id uuid not null,
  user_ref text,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'parked')),
  attempts int not null default 0,
  first_due_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  -- Held by the one worker that is sending; worth nothing once expired.
  lease_id uuid,
  lease_expires_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, delivery_id),
  unique (tenant_id, event_id, endpoint_id),
  foreign key (tenant_id, event_id) references core.webhook_events,
  foreign key (tenant_id, endpoint_id) references core.webhook_endpoints,
  check ((lease_id is null) = (lease_expires_at is null)),
  check ((state = 'pending') = (finished_at is null))
);
create index on core.webhook_deliveries (tenant_id, endpoint_id, user_ref, sequence) where state = 'pending';

create table core.webhook_attempts (
  tenant_id text not null,
  attempt_id bigint not null generated always as identity,
  delivery_id uuid not null,
  started_at timestamptz not null,
  latency_ms int not null,
  -- Either an HTTP status or the reason why there was none. Never a body.
  status int,
  failure text,
  primary key (tenant_id, attempt_id),
  foreign key (tenant_id, delivery_id) references core.webhook_deliveries,
  check ((status is null) <> (failure is null))
);
create index on core.webhook_attempts (tenant_id, delivery_id);

do $$
declare name text;
begin
  foreach name in array array['webhook_endpoints', 'webhook_events', 'webhook_deliveries', 'webhook_attempts'] loop
    execute format('alter table core.%I enable row level security', name);
    execute format('alter table core.%I force row level security', name);
    execute format('create policy tenant_only on core.%I using (tenant_id = core.current_tenant()) with check (tenant_id = core.current_tenant())', name);
  end loop;
end $$;

grant select, insert, update on core.webhook_endpoints, core.webhook_deliveries to core_app;
grant select, insert on core.webhook_events, core.webhook_attempts to core_app;

-- Takes a delivery for one attempt, or says when to ask again (`retry_at`), or neither when there is
-- nothing left to do. Must be followed by the caller's own writes in the same transaction: the row locks
-- keep an earlier delivery from finishing unseen between the look at it and the caller's new job.
create function core.claim_webhook_delivery(p_tenant text, p_delivery_id uuid, p_lease interval)
  returns table (lease_id uuid, retry_at timestamptz)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_now timestamptz;
  v_delivery core.webhook_deliveries;
  v_enabled boolean;
  v_retry_at timestamptz;
  v_lease_id uuid;
begin
  perform set_config('userref.tenant', p_tenant, true);
  select * into v_delivery from core.webhook_deliveries d
  where d.tenant_id = p_tenant and d.delivery_id = p_delivery_id for update;
  if not found or v_delivery.state <> 'pending' then return; end if;

  select e.state = 'enabled' into v_enabled from core.webhook_endpoints e
  where e.tenant_id = p_tenant and e.endpoint_id = v_delivery.endpoint_id;
  if not v_enabled then
    update core.webhook_deliveries d set state = 'parked', finished_at = clock_timestamp()
    where d.tenant_id = p_tenant and d.delivery_id = p_delivery_id;
    return;
  end if;

  -- Waits for workers that are just now claiming or finishing an earlier event of the same person.
  perform 1 from core.webhook_deliveries e
  where e.tenant_id = p_tenant and e.endpoint_id = v_delivery.endpoint_id and e.user_ref = v_delivery.user_ref
    and e.state = 'pending' and e.sequence < v_delivery.sequence
  order by e.sequence for share;

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

revoke all on function core.claim_webhook_delivery(text, uuid, interval) from public;
grant execute on function core.claim_webhook_delivery(text, uuid, interval) to core_app;
