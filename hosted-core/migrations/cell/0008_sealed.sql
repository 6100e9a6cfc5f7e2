-- Sealed attributes: what a site may keep and cannot read. The site has the ciphertext, the cell has the key.

-- One envelope each: what it is bound to. Its key is a data key of the person of class `sealed`, one version
-- an envelope. Without that row, every copy of the envelope is noise.
create table cell.sealed_envelopes (
  tenant_id text not null,
  envelope_id text not null check (envelope_id ~ '^sea_[a-z2-7]{26}$'),
  subject_id uuid not null,
  site_id text not null,
  user_ref text not null check (user_ref ~ '^ppid_[a-z2-7]{26}$'),
  attributes text[] not null check (cardinality(attributes) > 0),
  purpose_id text not null,
  -- The site's own reference is not kept.
  order_sha256 bytea not null check (octet_length(order_sha256) = 32),
  not_before timestamptz not null,
  expires_at timestamptz not null check (expires_at > not_before),
  sealed_at timestamptz not null,
  key_class text not null default 'sealed' check (key_class = 'sealed'),
  key_version int,
  destroyed_at timestamptz,
  destroyed_because text check (destroyed_because in ('consent_ended', 'window_ended')),
  primary key (tenant_id, envelope_id),
  foreign key (tenant_id, subject_id) references cell.people,
  check ((key_version is null) = (destroyed_at is not null)),
  check ((destroyed_at is null) = (destroyed_because is null))
);
create unique index on cell.sealed_envelopes (tenant_id, subject_id, key_version) where key_version is not null;
create index on cell.sealed_envelopes (tenant_id, subject_id, site_id, purpose_id) where key_version is not null;
create index on cell.sealed_envelopes (tenant_id, expires_at);

call cell.tenant_only('cell.sealed_envelopes');
grant select, insert, delete on cell.sealed_envelopes to cell_app;
grant update (key_version, destroyed_at, destroyed_because) on cell.sealed_envelopes to cell_app;

-- A key cannot be taken away from under an envelope unnoticed, by a rotation for instance. No foreign key:
-- it would keep a dump without data keys from being restored.
create function cell_keys.refuse_key_in_use() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from cell.sealed_envelopes e where e.tenant_id = old.tenant_id
    and e.subject_id = old.subject_id and e.key_version = old.version) then
    raise exception using errcode = 'foreign_key_violation', message = 'an envelope still needs this key';
  end if;
  return null;
end $$;
create trigger refuse_key_in_use after delete on cell_keys.subject_keys for each row
  when (old.class = 'sealed') execute function cell_keys.refuse_key_in_use();

-- Destroys the keys of envelopes, in the caller's transaction. Answers how many.
create function cell.destroy_envelopes(p_tenant text, p_envelope_ids text[], p_because text, p_now timestamptz) returns int
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_keys json;
begin
  with held as (
    select e.envelope_id, e.subject_id, e.key_version from cell.sealed_envelopes e
    where e.tenant_id = p_tenant and e.envelope_id = any (p_envelope_ids) and e.key_version is not null
    order by e.envelope_id for update
  ), emptied as (
    update cell.sealed_envelopes e set key_version = null, destroyed_at = p_now, destroyed_because = p_because
    from held where e.tenant_id = p_tenant and e.envelope_id = held.envelope_id
  )
  select json_agg(held) into v_keys from held;
  delete from cell_keys.subject_keys k using json_to_recordset(v_keys) as h(subject_id uuid, key_version int)
  where k.tenant_id = p_tenant and k.class = 'sealed' and k.subject_id = h.subject_id and k.version = h.key_version;
  return coalesce(json_array_length(v_keys), 0);
end $$;

-- Whoever ends a consent, and however, ends what was sealed under it, in the same transaction.
create function cell.destroy_envelopes_of_consent() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform cell.destroy_envelopes(old.tenant_id, array(
    select e.envelope_id from cell.sealed_envelopes e
    where e.tenant_id = old.tenant_id and e.subject_id = old.subject_id and e.site_id = old.site_id
      and e.purpose_id = old.purpose_id and old.attribute = any (e.attributes) and e.key_version is not null
  ), 'consent_ended', clock_timestamp());
  return null;
end $$;

create trigger destroy_envelopes_at_end after update of state on cell.consents for each row
  when (old.state = 'granted' and new.state <> 'granted') execute function cell.destroy_envelopes_of_consent();
create trigger destroy_envelopes_at_delete after delete on cell.consents for each row
  when (old.state = 'granted') execute function cell.destroy_envelopes_of_consent();

-- May this be sealed for this site? As cell.release_attributes, and: `forbidden` unless the site may receive
-- sealed attributes.
create function cell.decide_sealing(
  p_tenant text, p_token_hash bytea, p_user_ref text, p_audience text,
  p_names text[], p_stored text[], p_purpose text, p_now timestamptz
) returns json
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_decision json;
begin
  select row_to_json(r) into v_decision from cell.release_attributes(
    p_tenant, p_audience, p_now, array[p_token_hash], array[p_user_ref],
    array[array_to_string(p_names, ',')], array[array_to_string(p_stored, ',')], array[p_purpose], null) r;
  if v_decision ->> 'outcome' <> 'invalid_token' and not core.site_may_seal(p_tenant, v_decision ->> 'site_id') then
    return json_build_object('outcome', 'forbidden', 'site_id', v_decision ->> 'site_id');
  end if;
  return v_decision;
end $$;

-- Writes an envelope and its audit entry, if what allowed it still holds; it cannot end before the commit. The
-- caller holds the person and has written the key. False: nothing was written, undo the key too.
create function cell.record_sealing(p_tenant text, p_envelope jsonb, p_guard jsonb, p_entry jsonb) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not (cell.hold_reads(p_tenant, p_guard ->> 'audience', array[decode(p_guard ->> 'token', 'hex')],
    array[p_guard ->> 'user_ref'], array[p_entry ->> 'site_id'], array[(p_guard ->> 'subject_id')::uuid],
    array[(p_guard ->> 'epoch')::int], array[p_guard ->> 'consents']))[1] then
    return false;
  end if;
  insert into cell.sealed_envelopes (tenant_id, envelope_id, subject_id, site_id, user_ref, attributes, purpose_id,
    order_sha256, not_before, expires_at, sealed_at, key_version)
  select p_tenant, e.envelope_id, e.subject_id, e.site_id, e.user_ref, e.attributes, e.purpose_id,
    decode(e.order_sha256, 'hex'), e.not_before, e.expires_at, e.sealed_at, e.key_version
  from jsonb_to_record(p_envelope) as e(envelope_id text, subject_id uuid, site_id text, user_ref text,
    attributes text[], purpose_id text, order_sha256 text, not_before timestamptz, expires_at timestamptz,
    sealed_at timestamptz, key_version int);
  perform cell.append_audit(jsonb_build_array(p_entry));
  return true;
end $$;

-- May this envelope be opened by this site, now, for this? Answers {outcome, …}: opened with the wrapped key,
-- invalid_token, forbidden, not_found (unknown or another site's), processing_restricted, sealed_mismatch,
-- sealed_not_open_yet, sealed_expired, sealed_destroyed, consent_required.
create function cell.decide_unsealing(
  p_tenant text, p_token_hash bytea, p_audience text, p_envelope_id text, p_purpose text, p_order_sha256 bytea,
  p_now timestamptz
) returns jsonb
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_envelope cell.sealed_envelopes;
  v_site text;
  v_subject uuid;
  v_person cell.people;
  v_consents text[];
  v_known jsonb;
  v_refusal text;
  v_key json;
begin
  perform set_config('userref.tenant', p_tenant, true);
  select * into v_envelope from cell.sealed_envelopes e
  where e.tenant_id = p_tenant and e.envelope_id = p_envelope_id;
  -- The envelope's own user_ref: without its person at this very site there is nothing to open.
  select t.site_id, t.subject_id into v_site, v_subject
  from core.introspect_access_tokens(
    p_tenant, p_audience, array[p_token_hash], array[coalesce(v_envelope.user_ref, 'nobody')]) t;
  if v_site is null then return jsonb_build_object('outcome', 'invalid_token'); end if;
  if not core.site_may_seal(p_tenant, v_site) then
    return jsonb_build_object('outcome', 'forbidden', 'site_id', v_site);
  end if;
  select * into v_person from cell.people p where p.tenant_id = p_tenant and p.subject_id = v_subject;
  if v_person.subject_id is null or v_person.status = 'erased' or v_person.subject_id <> v_envelope.subject_id then
    return jsonb_build_object('outcome', 'not_found', 'site_id', v_site);
  end if;

  v_known := jsonb_build_object('site_id', v_site, 'audit_ref', v_person.audit_ref,
    'attributes', v_envelope.attributes, 'envelope_id', v_envelope.envelope_id);
  select json_build_object('class', k.class, 'version', k.version, 'key_id', k.key_id,
    'kek_version', k.kek_version, 'wrapped_dek', encode(k.wrapped_dek, 'hex')) into v_key
  from cell_keys.subject_keys k
  where k.tenant_id = p_tenant and k.subject_id = v_subject and k.class = v_envelope.key_class
    and k.version = v_envelope.key_version;
  v_refusal := case
    when v_person.status <> 'active' then 'processing_restricted'
    when v_envelope.purpose_id <> p_purpose or v_envelope.order_sha256 <> p_order_sha256 then 'sealed_mismatch'
    when p_now >= v_envelope.expires_at then 'sealed_expired'
    when v_key is null then 'sealed_destroyed'
    when p_now < v_envelope.not_before then 'sealed_not_open_yet'
  end;
  if v_refusal is not null then return v_known || jsonb_build_object('outcome', v_refusal); end if;

  select array_agg(c.consent_id) into v_consents from cell.consents c
  where c.tenant_id = p_tenant and c.subject_id = v_subject and c.site_id = v_site
    and c.purpose_id = v_envelope.purpose_id and c.attribute = any (v_envelope.attributes)
    and c.state = 'granted' and c.expires_at > p_now;
  if coalesce(cardinality(v_consents), 0) <> cardinality(v_envelope.attributes) then
    return v_known || jsonb_build_object('outcome', 'consent_required', 'ask_at', null, 'missing', (
      select coalesce(jsonb_agg(jsonb_build_object('attribute', m.attribute, 'expired', m.expired)), '[]')
      from cell.missing_consents(
        p_tenant, v_subject, v_site, v_envelope.attributes, v_envelope.purpose_id, p_now) m));
  end if;
  return v_known || jsonb_build_object('outcome', 'opened', 'subject_id', v_subject, 'epoch', v_person.epoch,
    'user_ref', v_envelope.user_ref, 'consent_ids', v_consents, 'key', v_key,
    'not_before_ms', (extract(epoch from v_envelope.not_before) * 1000)::bigint,
    'expires_at_ms', (extract(epoch from v_envelope.expires_at) * 1000)::bigint);
end $$;

revoke all on function
  cell.decide_sealing(text, bytea, text, text, text[], text[], text, timestamptz),
  cell.record_sealing(text, jsonb, jsonb, jsonb),
  cell.decide_unsealing(text, bytea, text, text, text, bytea, timestamptz),
  cell.destroy_envelopes(text, text[], text, timestamptz)
from public;
grant execute on function
  cell.decide_sealing(text, bytea, text, text, text[], text[], text, timestamptz),
  cell.record_sealing(text, jsonb, jsonb, jsonb),
  cell.decide_unsealing(text, bytea, text, text, text, bytea, timestamptz),
  cell.destroy_envelopes(text, text[], text, timestamptz)
to cell_app;
