-- Positions in quarantine, events that are told later, and sites that confirmed a disconnection.

-- 1. As before, and: a position whose bit waits to be published belongs to nobody. After an erasure its entry
-- is gone and the bit is not there yet; a new passport there would be born revoked a moment later.
create or replace function core.allocate_status(
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

-- 2. As before, and: an event whose time has not come is in no feed. `occurred_at` of one that is told to several
-- sites about one person lies ahead, at a random moment of its own for each site.
create or replace function core.read_event_feed(p_tenant text, p_site_id text, p_after bigint, p_limit int)
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

-- 3. A disconnected site may have confirmed that it erased, or be late with it.
alter table core.site_disconnections
  drop constraint site_disconnections_state_check,
  add constraint site_disconnections_state_check
    check (state in ('pending', 'delivered', 'parked', 'no_endpoint', 'confirmed', 'overdue'));
