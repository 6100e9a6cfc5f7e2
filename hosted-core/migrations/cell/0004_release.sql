-- The release of attributes to sites: one call decides and reads.

create index consents_of_person on cell.consents (tenant_id, subject_id, site_id, purpose_id);

-- Why a read without full consent is refused: for each name, whether an earlier consent has merely expired.
create function cell.missing_consents(
  p_tenant text, p_subject_id uuid, p_site_id text, p_names text[], p_purpose text, p_now timestamptz
) returns table (attribute text, expired boolean)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select n.name, coalesce(latest.state in ('granted', 'expired'), false)
  from unnest(p_names) with ordinality n(name, position)
  left join lateral (
    select c.state, c.expires_at from cell.consents c
    where c.tenant_id = p_tenant and c.subject_id = p_subject_id and c.site_id = p_site_id
      and c.purpose_id = p_purpose and c.attribute = n.name
    order by c.state in ('granted', 'denied') desc, c.decided_at desc limit 1
  ) latest on true
  where not coalesce(latest.state = 'granted' and latest.expires_at > p_now, false)
  order by n.position
$$;

-- Decides, reads and writes down, many asks in one round trip. The token says who asks, where, and about whom;
-- the live consent alone says what. Ciphertexts and wrapped keys leave only when a live consent of this person,
-- for this site and this purpose, covers every name. One row an ask, in order; each is decided by itself.
--   p_user_refs: null when the person is present (their access token); else the token is the site's own
--   p_names:     what the site asks for, separated by commas, no name twice
--   p_stored:    the attributes that the names are read or derived from, separated by commas
--   p_entries:   null to decide only. Else [{action, request_id, data}], the audit entries of those that are
--                released (the site and the person are filled in here), {} for none. What allowed those that are
--                written (`is_written`) cannot end before they are committed: see cell.hold_reads. An ask is
--                not written while somebody ends a permission of the person or of the site; the others in its
--                company shall not wait for that.
-- outcome: released, invalid_token, not_found, processing_restricted, consent_required.
create function cell.release_attributes(
  p_tenant text, p_audience text, p_now timestamptz,
  p_tokens bytea[], p_user_refs text[], p_names text[], p_stored text[], p_purposes text[], p_entries jsonb
) returns table (
  outcome text, site_id text, audit_ref uuid, ask_at text, missing json,
  subject_id uuid, epoch int, consent_ids text, stored text, keys text, is_written boolean)
  language plpgsql security definer rows 16 set search_path = pg_catalog, pg_temp
  -- As core.introspect_access_tokens: one plan, from key to key.
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
declare
  v_shared boolean[];
begin
  perform set_config('userref.tenant', p_tenant, true);
  if p_entries is not null then
    -- Whose a token is never changes, so these are the keys of what is decided below.
    select array_agg(coalesce(
      pg_try_advisory_xact_lock_shared(cell.release_lock('subject', p_tenant, t.subject_id::text))
      and pg_try_advisory_xact_lock_shared(cell.release_lock('site', p_tenant, t.site_id)), false) order by t.n)
    into v_shared
    from core.introspect_access_tokens(p_tenant, p_audience, p_tokens, p_user_refs)
      with ordinality as t(site_id, subject_id, ask_at, n);
  end if;
  -- A statement of its own, so that it sees what was committed before the keys were taken.
  return query
  with answers as materialized (
    select asked.n, decided.outcome, asked.site_id, person.audit_ref,
      case when decided.outcome = 'consent_required' then asked.ask_at end as ask_at,
      case when decided.outcome = 'consent_required' then (
        select coalesce(json_agg(json_build_object('attribute', m.attribute, 'expired', m.expired)), '[]')
        from cell.missing_consents(
          p_tenant, asked.subject_id, asked.site_id, wanted.names, asked.purpose, p_now) m) end as missing,
      asked.subject_id, person.epoch, live.consent_ids, sealed.stored, sealed.keys
    from rows from (
      unnest(p_names, p_stored, p_purposes),
      core.introspect_access_tokens(p_tenant, p_audience, p_tokens, p_user_refs)
    ) with ordinality as asked(names, stored, purpose, site_id, subject_id, ask_at, n)
    cross join lateral (
      select string_to_array(asked.names, ',') as names, string_to_array(asked.stored, ',') as stored offset 0
    ) wanted
    left join lateral (
      select p.status, p.audit_ref, p.epoch from cell.people p
      where p.tenant_id = p_tenant and p.subject_id = asked.subject_id limit 1
    ) person on true
    cross join lateral (
      select count(*) as count, string_agg(c.consent_id, ',') as consent_ids from cell.consents c
      where person.status = 'active' and c.tenant_id = p_tenant and c.subject_id = asked.subject_id
        and c.site_id = asked.site_id and c.purpose_id = asked.purpose and c.attribute = any (wanted.names)
        and c.state = 'granted' and c.expires_at > p_now
    ) live
    cross join lateral (
      select case
        when asked.site_id is null then 'invalid_token'
        when coalesce(person.status, 'erased') = 'erased' then 'not_found'
        when person.status <> 'active' then 'processing_restricted'
        when live.count = cardinality(wanted.names) then 'released'
        else 'consent_required' end as outcome offset 0
    ) decided
    left join lateral cell.sealed_values(p_tenant, asked.subject_id, wanted.stored) sealed
      on decided.outcome = 'released'
  ), written as (
    insert into cell.audit_pending (tenant_id, action, site_id, subject_ref, request_id, data)
    select p_tenant, e.action, a.site_id, a.audit_ref, e.request_id, coalesce(e.data, '{}')
    from rows from (jsonb_to_recordset(p_entries) as (action text, request_id text, data jsonb)) with ordinality
      as e(action, request_id, data, n)
    join answers a on a.n = e.n and a.outcome = 'released'
    where e.action is not null and v_shared[e.n]
  )
  select a.outcome, a.site_id, a.audit_ref, a.ask_at, a.missing, a.subject_id, a.epoch, a.consent_ids, a.stored,
    a.keys, a.outcome = 'released' and coalesce(v_shared[a.n] and p_entries -> (a.n::int - 1) ? 'action', false)
  from answers a order by a.n;
end $$;

-- Counts reads of one tenant at the consents that allowed them, a second's worth at a time. The audit log
-- is the truth; these figures are for people to look at.
create function cell.count_reads(p_tenant text, p_reads jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  -- Locked in one order everywhere, so that two processes never wait for each other in a circle.
  with counted as (
    select * from jsonb_to_recordset(p_reads) as r(consent_id text, reads bigint, last_read_at timestamptz)
  ), locked as (
    select c.consent_id from cell.consents c join counted on counted.consent_id = c.consent_id
    where c.tenant_id = p_tenant order by c.consent_id for no key update of c
  )
  update cell.consents c
  set reads = c.reads + counted.reads, last_read_at = greatest(c.last_read_at, counted.last_read_at)
  from counted join locked on locked.consent_id = counted.consent_id
  where c.tenant_id = p_tenant and c.consent_id = counted.consent_id;
end $$;

create function cell.rfc3339(p_at timestamptz) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- What a site may know of its own consents: not whether the person said no, which is as good as silence.
create function cell.site_consents(
  p_tenant text, p_token_hash bytea, p_user_ref text, p_audience text, p_now timestamptz
) returns json
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_site text;
  v_subject uuid;
  v_status text;
begin
  perform set_config('userref.tenant', p_tenant, true);
  select t.site_id, t.subject_id, p.status into v_site, v_subject, v_status
  from core.introspect_access_tokens(p_tenant, p_audience, array[p_token_hash], array[p_user_ref]) t
  left join cell.people p on p.tenant_id = p_tenant and p.subject_id = t.subject_id;
  if v_site is null then return json_build_object('outcome', 'invalid_token'); end if;
  if v_status is null or v_status = 'erased' then
    return json_build_object('outcome', 'not_found', 'site_id', v_site);
  end if;
  return json_build_object('outcome', 'found', 'site_id', v_site, 'consents', (
    select coalesce(json_agg(json_build_object(
      'consent_id', c.consent_id, 'attribute', c.attribute, 'purpose', c.purpose_id,
      'purpose_version', c.purpose_version,
      'state', case when c.state = 'granted' and c.expires_at <= p_now then 'expired' else c.state end,
      'decided_at', cell.rfc3339(c.decided_at), 'expires_at', cell.rfc3339(c.expires_at),
      'withdrawn_at', cell.rfc3339(c.withdrawn_at)
    ) order by c.attribute, c.purpose_id, c.decided_at), '[]')
    from cell.consents c
    where c.tenant_id = p_tenant and c.subject_id = v_subject and c.site_id = v_site and c.state <> 'denied'
  ));
end $$;

revoke execute on function
  cell.missing_consents(text, uuid, text, text[], text, timestamptz),
  cell.release_attributes(text, text, timestamptz, bytea[], text[], text[], text[], text[], jsonb),
  cell.count_reads(text, jsonb),
  cell.site_consents(text, bytea, text, text, timestamptz)
from public;
grant execute on function
  cell.release_attributes(text, text, timestamptz, bytea[], text[], text[], text[], text[], jsonb),
  cell.count_reads(text, jsonb),
  cell.site_consents(text, bytea, text, text, timestamptz)
to cell_app;
