-- A log that was closed, because the database was restored for instance, is kept as it was; another one goes on.

-- `link` is the signed note in which the log before names this one's successor.
create table :HALF.audit_closed_logs (
  tenant_id text not null,
  log text not null,
  size bigint not null,
  head bytea not null,
  frontier bytea not null,
  closed_at timestamptz not null default clock_timestamp(),
  link text not null,
  primary key (tenant_id, log)
);

create table :HALF.audit_closed_entries (
  tenant_id text not null,
  log text not null,
  seq bigint not null,
  entry_id bigint not null,
  occurred_at timestamptz not null,
  action text not null,
  subject_ref uuid,
  canonical bytea not null,
  leaf_hash bytea not null,
  primary key (tenant_id, log, seq),
  foreign key (tenant_id, log) references :HALF.audit_closed_logs
);
create index on :HALF.audit_closed_entries (tenant_id, subject_ref) where subject_ref is not null;

create table :HALF.audit_closed_checkpoints (
  tenant_id text not null,
  log text not null,
  size bigint not null,
  note text not null,
  primary key (tenant_id, log, size),
  foreign key (tenant_id, log) references :HALF.audit_closed_logs
);

call :HALF.tenant_only(
  ':HALF.audit_closed_logs', ':HALF.audit_closed_entries', ':HALF.audit_closed_checkpoints'
);

-- Puts the log away and begins another, if it still stands where the caller looked (SQLSTATE UR001). The caller
-- holds the chain. For the owner alone: an application that could do this could shake off what was signed.
create function :HALF.begin_audit_log(
  p_tenant text, p_old text, p_size bigint, p_new text, p_link text, p_entry jsonb
) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  insert into :HALF.audit_closed_logs (tenant_id, log, size, head, frontier, link)
  select tenant_id, log, size, head, frontier, p_link from :HALF.audit_heads
  where tenant_id = p_tenant and log = p_old and size = p_size;
  if not found then
    raise exception 'the chain has moved on' using errcode = 'UR001';
  end if;
  insert into :HALF.audit_closed_entries
    (tenant_id, log, seq, entry_id, occurred_at, action, subject_ref, canonical, leaf_hash)
  select tenant_id, p_old, seq, entry_id, occurred_at, action, subject_ref, canonical, leaf_hash
  from :HALF.audit_entries where tenant_id = p_tenant;
  insert into :HALF.audit_closed_checkpoints (tenant_id, log, size, note)
  select tenant_id, p_old, size, note from :HALF.audit_checkpoints where tenant_id = p_tenant;
  delete from :HALF.audit_entries where tenant_id = p_tenant;
  delete from :HALF.audit_checkpoints where tenant_id = p_tenant;
  delete from :HALF.audit_nodes where tenant_id = p_tenant;
  delete from :HALF.audit_anchorings where tenant_id = p_tenant;
  update :HALF.audit_heads set log = p_new, size = 0, head = sha256(convert_to(p_new, 'UTF8')), frontier = ''
  where tenant_id = p_tenant;
  perform :HALF.append_audit(jsonb_build_array(p_entry));
end $$;

-- Everything that happened, whether it has its number yet or not; of numbered entries, what their bytes say.
create view :HALF.audit_events with (security_invoker = true) as
  select entry_id, tenant_id, null::bigint as seq, occurred_at, action, site_id, subject_ref, request_id, data
  from :HALF.audit_pending
  union all
  select entry_id, tenant_id, seq, occurred_at, action, entry ->> 'site', subject_ref, entry ->> 'request',
    coalesce(entry -> 'data', '{}')
  from (
    select entry_id, tenant_id, seq, occurred_at, action, subject_ref, canonical from :HALF.audit_entries
    union all
    select entry_id, tenant_id, seq, occurred_at, action, subject_ref, canonical from :HALF.audit_closed_entries
  ) numbered, lateral (select convert_from(canonical, 'UTF8')::jsonb as entry) as said;

revoke all on function :HALF.begin_audit_log from public;
grant select on :HALF.audit_events, :HALF.audit_closed_logs, :HALF.audit_closed_entries, :HALF.audit_closed_checkpoints to :HALF_app;
