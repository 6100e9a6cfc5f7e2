-- The feed of a site after this database was restored from a backup: the site's cursor may lie beyond the end, for places
-- that were given out since. What is there moves behind the cursor and is told again, as a feed may; otherwise the
-- site would pass over everything until the numbers have caught up, ends of sessions among it.

create function core.move_feed_behind(p_tenant text, p_site_id text, p_after bigint) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_last bigint;
begin
  insert into core.event_feeds (tenant_id, site_id, last_position) values (p_tenant, p_site_id, 0)
  on conflict do nothing;
  select f.last_position into v_last from core.event_feeds f
  where f.tenant_id = p_tenant and f.site_id = p_site_id for update;
  -- No feed is so far ahead of its backup; a cursor that was made up leaves room for real ones.
  if p_after <= v_last or p_after - v_last > 1e12 then return; end if;
  update core.webhook_events e set position = e.position + p_after
  where e.tenant_id = p_tenant and e.site_id = p_site_id and e.position is not null;
  update core.event_feeds f set last_position = v_last + p_after
  where f.tenant_id = p_tenant and f.site_id = p_site_id;
end $$;

-- As before, and looks first whether the cursor is one of this feed.
create or replace function core.read_event_feed(p_tenant text, p_site_id text, p_after bigint, p_limit int)
  returns table (event_id text, place bigint, body bytea, confirmed boolean)
  language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare v_last bigint;
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform from core.event_feeds f
  where f.tenant_id = p_tenant and f.site_id = p_site_id and f.last_position >= p_after;
  if not found and p_after > 0 then perform core.move_feed_behind(p_tenant, p_site_id, p_after); end if;
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

revoke execute on function core.move_feed_behind(text, text, bigint) from public;
grant execute on function core.move_feed_behind(text, text, bigint) to core_app;
