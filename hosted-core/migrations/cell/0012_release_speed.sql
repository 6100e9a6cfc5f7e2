-- The release of attributes with fewer statements; what is decided and answered stays the same.

-- As in 0010, with one look at all permissions of the batch instead of one each.
create or replace function cell.append_reads(p_tenant text, p_reads jsonb) returns boolean[]
  language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  v_allowed boolean[];
  v_entries jsonb;
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform pg_advisory_xact_lock_shared(k.key) from (
    select distinct key from jsonb_array_elements(p_reads) r, lateral (values
      (cell.release_lock('subject', p_tenant, r -> 'guard' ->> 'subject_id')),
      (cell.release_lock('site', p_tenant, r -> 'entry' ->> 'site_id'))) keys(key)
    where r ? 'guard' order by key
  ) k;
  -- A statement of its own, so that it sees what was committed while it waited for the keys.
  with reads as materialized (
    select r.n::int, r.entry, not r.read ? 'guard' as is_free, r.entry ->> 'site_id' as site_id, g.*
    from (
      select n, read, read -> 'entry' as entry from jsonb_array_elements(p_reads) with ordinality as e(read, n)
    ) r, jsonb_to_record(coalesce(r.read -> 'guard', '{}'))
      as g(token text, audience text, user_ref text, subject_id uuid, epoch int, consents text[])
  ), access as materialized (
    select core.access_holds(p_tenant, array_agg(decode(token, 'hex') order by n), array_agg(audience order by n),
      array_agg(user_ref order by n), array_agg(site_id order by n), array_agg(subject_id order by n)) as holds
    from reads
  ), looked_at as (
    select reads.n, reads.entry, reads.is_free or coalesce(
      access.holds[reads.n]
      and exists (select from cell.people p where p.tenant_id = p_tenant and p.subject_id = reads.subject_id
        and p.status = 'active' and p.epoch = reads.epoch)
      and (select count(*) from cell.consents c where c.tenant_id = p_tenant
        and c.consent_id = any (reads.consents) and c.state = 'granted') = cardinality(reads.consents),
      false) as is_allowed
    from reads, access
  )
  select array_agg(is_allowed order by n), jsonb_agg(entry order by n) filter (where is_allowed)
  into v_allowed, v_entries from looked_at;
  if v_entries is not null then perform cell.append_audit(v_entries); end if;
  return v_allowed;
end $$;

-- As in 0004, with person, consents, keys and values in one statement, so of one snapshot.
create or replace function cell.release_attributes(
  p_tenant text, p_token_hash bytea, p_user_ref text, p_audience text,
  p_names text[], p_stored text[], p_purpose text, p_now timestamptz
) returns json
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_site text;
  v_subject uuid;
  v_ask_at text;
  v_status text;
  v_ref uuid;
  v_epoch int;
  v_consents text[];
  v_sealed json;
begin
  perform set_config('userref.tenant', p_tenant, true);

  select t.site_id, t.subject_id, t.initiate_login_uri into v_site, v_subject, v_ask_at
  from core.introspect_access_token(p_tenant, p_token_hash, p_audience, p_user_ref) t;
  if not found then return json_build_object('outcome', 'invalid_token'); end if;

  select p.status, p.audit_ref, p.epoch, live.consents,
    case when p.status = 'active' and cardinality(live.consents) = cardinality(p_names)
      then cell.sealed_values(p_tenant, v_subject, p_stored) end
  into v_status, v_ref, v_epoch, v_consents, v_sealed
  from cell.people p, lateral (
    select array_agg(c.consent_id) as consents from cell.consents c
    where c.tenant_id = p_tenant and c.subject_id = v_subject and c.site_id = v_site
      and c.purpose_id = p_purpose and c.attribute = any (p_names)
      and c.state = 'granted' and c.expires_at > p_now
  ) live
  where p.tenant_id = p_tenant and p.subject_id = v_subject;
  if v_sealed is not null then
    return json_build_object('outcome', 'released', 'site_id', v_site, 'audit_ref', v_ref,
      'subject_id', v_subject, 'epoch', v_epoch, 'consent_ids', v_consents, 'sealed', v_sealed);
  end if;
  if v_status is null or v_status = 'erased' then
    return json_build_object('outcome', 'not_found', 'site_id', v_site);
  end if;
  if v_status <> 'active' then
    return json_build_object('outcome', 'processing_restricted', 'site_id', v_site, 'audit_ref', v_ref);
  end if;
  return json_build_object('outcome', 'consent_required', 'site_id', v_site, 'audit_ref', v_ref,
    'ask_at', v_ask_at, 'missing', (
      select coalesce(json_agg(json_build_object('attribute', m.attribute, 'expired', m.expired)), '[]')
      from cell.missing_consents(p_tenant, v_subject, v_site, p_names, p_purpose, p_now) m));
end $$;
