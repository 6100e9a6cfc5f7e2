-- Webhooks: the feed of a site that cannot be reached, whose turn a delivery is, and what is forgotten.

-- The site's events after a position, oldest first. New ones get their places here, one asker at a time; one whose
-- time has not come is in no feed. `occurred_at` of what is told to several sites about one person lies ahead, at
-- a random moment of its own for each site.
create function core.read_event_feed(p_tenant text, p_site_id text, p_after bigint, p_limit int)
  returns table (event_id text, place bigint, body bytea, confirmed boolean)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare v_last bigint;
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform from core.webhook_events e
  where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position is null and e.endpoint_id is null
    and e.occurred_at <= clock_timestamp() + interval '1 second' limit 1;
  if found then
    insert into core.event_feeds (tenant_id, site_id, last_position) values (p_tenant, p_site_id, 0)
    on conflict do nothing;
    select f.last_position into v_last from core.event_feeds f
    where f.tenant_id = p_tenant and f.site_id = p_site_id for update;
    with fresh as (
      select e.event_id, row_number() over (order by e.created_at, e.event_id) as n from core.webhook_events e
      where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position is null and e.endpoint_id is null
        and e.occurred_at <= clock_timestamp() + interval '1 second'
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

-- Takes a delivery for one attempt, or says when to ask again (`retry_at`), or neither when there is
-- nothing left to do. Must be followed by the caller's own writes in the same transaction: the row locks
-- keep an earlier delivery from finishing unseen between the look at it and the caller's new job.
-- An endpoint has a few deliveries at a time, one while it fails; slow ones share a few lanes;
-- at a paused one everything waits. The endpoint's row is locked last, as by those who finish a delivery.
create function core.claim_webhook_delivery(p_tenant text, p_delivery_id uuid, p_lease interval)
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

revoke all on function core.claim_webhook_delivery(text, uuid, interval) from public;
grant execute on function core.claim_webhook_delivery(text, uuid, interval) to core_app;
