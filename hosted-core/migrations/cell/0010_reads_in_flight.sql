-- A read that is under way when a permission ends: either it was written down before, or it is refused.
-- Between the decision (release_attributes) and the audit entry the permission is looked at once more, under
-- keys that whoever ends a permission must hold alone. See core/0006.

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

-- Writes entries about reads, as append_audit does. An entry with a guard is written only if what allowed the
-- read still holds; it cannot end before this is committed. Answers, in order, which were written.
--   guard: {token (SHA-256, hex), audience, user_ref, subject_id, epoch, consents}
create function cell.append_reads(p_tenant text, p_reads jsonb) returns boolean[]
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  select array_agg(not r ? 'guard' or cell.may_read(p_tenant, r -> 'entry' ->> 'site_id', r -> 'guard') order by n),
    jsonb_agg(r -> 'entry' order by n)
  into v_allowed, v_entries
  from jsonb_array_elements(p_reads) with ordinality as reads(r, n);
  select jsonb_agg(e order by n) into v_entries
  from jsonb_array_elements(v_entries) with ordinality as entries(e, n) where v_allowed[n];
  if v_entries is not null then perform cell.append_audit(v_entries); end if;
  return v_allowed;
end $$;

create function cell.may_read(p_tenant text, p_site_id text, p_guard jsonb) returns boolean
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from core.introspect_access_token(
      p_tenant, decode(p_guard ->> 'token', 'hex'), p_guard ->> 'audience', p_guard ->> 'user_ref') t
    where t.site_id = p_site_id and t.subject_id = (p_guard ->> 'subject_id')::uuid
  ) and exists (
    select from cell.people p
    where p.tenant_id = p_tenant and p.subject_id = (p_guard ->> 'subject_id')::uuid
      and p.status = 'active' and p.epoch = (p_guard ->> 'epoch')::int
  ) and not exists (
    select from jsonb_array_elements_text(p_guard -> 'consents') as named(consent_id)
    where not exists (select from cell.consents c
      where c.tenant_id = p_tenant and c.consent_id = named.consent_id and c.state = 'granted')
  )
$$;

revoke all on function cell.append_reads(text, jsonb), cell.may_read(text, text, jsonb) from public;
grant execute on function cell.append_reads(text, jsonb) to cell_app;

-- For an operator's revocation: whose consents there are.
create index consents_of_site on cell.consents (tenant_id, site_id, subject_id) where state = 'granted';
