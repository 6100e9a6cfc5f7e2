-- A read that is under way when a permission ends: either it was written down before, or it is refused.
-- A permission is looked at and the audit entry is written under keys that whoever ends a permission must hold
-- alone (see core/0006): at once by cell.release_attributes, or, when a value takes its time to be opened, once
-- more by cell.append_reads.

-- The same keys as core.release_lock, see there.
create function cell.release_lock(p_what text, p_tenant text, p_id text) returns bigint
  language sql immutable parallel safe
  return hashtextextended('userref-release/' || p_what || '/' || p_tenant || '/' || p_id, 0);

create function cell.await_releases() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(cell.release_lock('subject', old.tenant_id, old.subject_id::text));
  return null;
end $$;

create trigger await_releases_at_end after update of state on cell.consents for each row
  when (old.state = 'granted' and new.state <> 'granted') execute function cell.await_releases();
create trigger await_releases_at_delete after delete on cell.consents for each row
  when (old.state = 'granted') execute function cell.await_releases();
create trigger await_releases_at_change after update of status, epoch on cell.people for each row
  when (new.status <> old.status or new.epoch <> old.epoch) execute function cell.await_releases();
create trigger await_releases_at_delete after delete on cell.people for each row
  execute function cell.await_releases();

-- Takes the keys that whoever ends a permission must hold alone, for reads of these people at these sites,
-- until the end of the transaction. All in one order, so that two batches never wait for each other in a circle.
create function cell.share_releases(p_tenant text, p_site_ids text[], p_subject_ids uuid[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(k.key) from (
    select distinct key from unnest(p_site_ids, p_subject_ids) r(site_id, subject_id), lateral (values
      (cell.release_lock('subject', p_tenant, r.subject_id::text)),
      (cell.release_lock('site', p_tenant, r.site_id))) keys(key)
    where r.subject_id is not null order by key
  ) k;
end $$;

-- Looks at permissions once more, under keys that are held until the end of the transaction: what holds now
-- cannot end before it. One boolean a read, in order. For each read:
--   p_subject_ids: null for a read that needs no permission; nothing is asked of it then
--   p_consents:    ids of the consents that allowed it, separated by commas
create function cell.hold_reads(
  p_tenant text, p_audience text, p_tokens bytea[], p_user_refs text[],
  p_site_ids text[], p_subject_ids uuid[], p_epochs int[], p_consents text[]
) returns boolean[]
  language plpgsql set search_path = pg_catalog, pg_temp
  -- As core.introspect_access_tokens: one plan, from key to key.
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform cell.share_releases(p_tenant, p_site_ids, p_subject_ids);
  -- A statement of its own, so that it sees what was committed while it waited for the keys.
  return (
    select array_agg(asked.subject_id is null or coalesce(
      asked.token_site = asked.site_id and asked.token_subject = asked.subject_id and person.is_as_before
      and live.count = cardinality(allowed_by.consent_ids), false) order by asked.n)
    from rows from (
      unnest(p_site_ids, p_subject_ids, p_epochs, p_consents),
      core.introspect_access_tokens(p_tenant, p_audience, p_tokens, p_user_refs)
    ) with ordinality as asked(site_id, subject_id, epoch, consents, token_site, token_subject, ask_at, n)
    cross join lateral (select string_to_array(asked.consents, ',') as consent_ids offset 0) allowed_by
    left join lateral (
      select p.status = 'active' and p.epoch = asked.epoch as is_as_before from cell.people p
      where p.tenant_id = p_tenant and p.subject_id = asked.subject_id limit 1
    ) person on true
    cross join lateral (
      select count(*) as count from cell.consents c
      where c.tenant_id = p_tenant and c.site_id = asked.site_id and c.subject_id = asked.subject_id
        and c.consent_id = any (allowed_by.consent_ids) and c.state = 'granted'
    ) live
  );
end $$;

-- Writes entries about reads, as append_audit does: each that cell.hold_reads lets pass, and that cannot end
-- before this is committed; {} for a read that is only looked at. Answers which passed.
create function cell.append_reads(
  p_tenant text, p_audience text, p_tokens bytea[], p_user_refs text[],
  p_site_ids text[], p_subject_ids uuid[], p_epochs int[], p_consents text[], p_entries jsonb
) returns boolean[]
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_held boolean[] := cell.hold_reads(
    p_tenant, p_audience, p_tokens, p_user_refs, p_site_ids, p_subject_ids, p_epochs, p_consents);
begin
  insert into cell.audit_pending (tenant_id, action, site_id, subject_ref, request_id, data)
  select p_tenant, e.action, e.site_id, e.subject_ref, e.request_id, coalesce(e.data, '{}')
  from rows from (jsonb_to_recordset(p_entries)
    as (action text, site_id text, subject_ref uuid, request_id text, data jsonb)) with ordinality
    as e(action, site_id, subject_ref, request_id, data, n)
  where v_held[e.n] and e.action is not null;
  return v_held;
end $$;

revoke all on function
  cell.share_releases(text, text[], uuid[]),
  cell.hold_reads(text, text, bytea[], text[], text[], uuid[], int[], text[]),
  cell.append_reads(text, text, bytea[], text[], text[], uuid[], int[], text[], jsonb)
from public;
grant execute on function
  cell.append_reads(text, text, bytea[], text[], text[], uuid[], int[], text[], jsonb)
to cell_app;

-- For an operator's revocation: whose consents there are.
create index consents_of_site on cell.consents (tenant_id, site_id, subject_id) where state = 'granted';
