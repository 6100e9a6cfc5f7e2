-- From rows that changes leave behind to a log that proves itself: what waits here is given a number, exact
-- bytes, a place in a hash chain and in a Merkle tree (RFC 6962), one batch at a time.
alter table core.audit_events rename to audit_pending;
alter table core.audit_pending drop constraint audit_events_pkey;
alter table core.audit_pending add primary key (tenant_id, entry_id);
drop index core.audit_events_tenant_id_occurred_at_idx;
-- A queue: rows live for a moment, so dead ones must not pile up before they are cleared away.
alter table core.audit_pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1);

-- One row a chain. `head` is the leaf hash of the last entry, before there is one the SHA-256 of `log`;
-- `frontier` the hashes of the perfect subtrees that the tree consists of, largest first, 32 bytes each.
create table core.audit_heads (
  tenant_id text primary key,
  log text not null unique,
  size bigint not null default 0 check (size >= 0),
  head bytea not null check (length(head) = 32),
  frontier bytea not null default '' check (length(frontier) = 32 * bit_count(size::bit(64)))
);

-- `canonical` is what was hashed, byte for byte. The columns beside it are for searching only.
create table core.audit_entries (
  tenant_id text not null,
  seq bigint not null check (seq > 0),
  entry_id bigint not null unique,
  occurred_at timestamptz not null,
  action text not null,
  subject_ref uuid,
  canonical bytea not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  primary key (tenant_id, seq)
);
create index on core.audit_entries (tenant_id, subject_ref, seq) where subject_ref is not null;
create index on core.audit_entries using brin (occurred_at);

-- Every eighth level of the tree (8, 16, …): enough to make any proof from a few hundred hashes.
create table core.audit_nodes (
  tenant_id text not null,
  level int not null check (level > 0 and level % 8 = 0),
  index bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (tenant_id, level, index)
);

create table core.audit_checkpoints (
  tenant_id text not null,
  size bigint not null,
  note text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, size)
);

-- Which checkpoint was put where, outside of this database.
create table core.audit_anchorings (
  tenant_id text not null,
  anchor text not null,
  size bigint not null,
  anchored_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, anchor, size)
);

-- Notes in which an older key of the signer vouches for a newer one.
create table core.audit_key_successions (
  tenant_id text not null,
  public_key text not null,
  note text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, public_key)
);

do $$
declare name text;
begin
  foreach name in array array['audit_heads', 'audit_entries', 'audit_nodes', 'audit_checkpoints', 'audit_anchorings', 'audit_key_successions'] loop
    execute format('alter table core.%I enable row level security', name);
    execute format('alter table core.%I force row level security', name);
    execute format('create policy tenant_only on core.%I using (tenant_id = core.current_tenant()) with check (tenant_id = core.current_tenant())', name);
  end loop;
end $$;

create or replace function core.append_audit(p_entries jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_entries -> 0 ->> 'tenant_id', true);
  insert into core.audit_pending (tenant_id, action, site_id, subject_ref, request_id, data)
  select e.tenant_id, e.action, e.site_id, e.subject_ref, e.request_id, coalesce(e.data, '{}')
  from jsonb_to_recordset(p_entries)
    as e(tenant_id text, action text, site_id text, subject_ref uuid, request_id text, data jsonb);
end $$;

-- Everything that happened, whether it has its number yet or not; of numbered entries, what their bytes say.
create view core.audit_events with (security_invoker = true) as
  select entry_id, tenant_id, null::bigint as seq, occurred_at, action, site_id, subject_ref, request_id, data
  from core.audit_pending
  union all
  select entry_id, tenant_id, seq, occurred_at, action, entry ->> 'site', subject_ref, entry ->> 'request',
    coalesce(entry -> 'data', '{}')
  from core.audit_entries, lateral (select convert_from(canonical, 'UTF8')::jsonb as entry) as said;

-- Whether anything waits, in one statement.
create function core.audit_waiting(p_tenant text) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  return exists (select from core.audit_pending where tenant_id = p_tenant);
end $$;

-- Takes the chain for the rest of the transaction and answers with its head; without a row when another
-- sequencer has it. One that falls silent while it holds the chain loses its connection.
create function core.claim_audit(p_tenant text) returns setof core.audit_heads
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_log text := format('userref.audit/core/%s/%s', p_tenant, replace(gen_random_uuid()::text, '-', ''));
begin
  perform set_config('userref.tenant', p_tenant, true);
  if not pg_try_advisory_xact_lock(hashtextextended('userref.audit/core/' || p_tenant, 0)) then
    return;
  end if;
  perform set_config('idle_in_transaction_session_timeout', '5s', true);
  -- The queue has no statistics worth the name: without this the planner sorts all of it for every batch.
  perform set_config('enable_sort', 'off', true);
  insert into core.audit_heads (tenant_id, log, head)
  values (p_tenant, v_log, sha256(convert_to(v_log, 'UTF8'))) on conflict (tenant_id) do nothing;
  return query select * from core.audit_heads where tenant_id = p_tenant;
end $$;

-- Appends a batch behind the head that the caller worked from. If the head is another one by now, or a row
-- is no longer waiting, nothing is written (SQLSTATE UR001). `p_ends` are the ends of the entries in `p_bytes`.
create function core.commit_audit(
  p_tenant text, p_size bigint, p_head bytea, p_entry_ids bigint[], p_ends int[], p_bytes bytea, p_leaves bytea,
  p_frontier bytea, p_node_levels int[], p_node_indexes bigint[], p_node_hashes bytea
) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_count int := cardinality(p_entry_ids);
  v_written bigint;
begin
  perform set_config('userref.tenant', p_tenant, true);
  update core.audit_heads
  set size = size + v_count, head = substring(p_leaves from (v_count - 1) * 32 + 1 for 32), frontier = p_frontier
  where tenant_id = p_tenant and size = p_size and head = p_head;
  if not found then
    raise exception 'the chain has moved on' using errcode = 'UR001';
  end if;
  with given as (
    select entry_id, lag(e, 1, 0) over (order by ord) as start, e as stop, ord
    from unnest(p_entry_ids, p_ends) with ordinality as g(entry_id, e, ord)
  ), taken as (
    delete from core.audit_pending p using given g
    where p.tenant_id = p_tenant and p.entry_id = g.entry_id
    returning p.entry_id, p.occurred_at, p.action, p.subject_ref, g.start, g.stop, g.ord
  )
  insert into core.audit_entries (tenant_id, seq, entry_id, occurred_at, action, subject_ref, canonical, leaf_hash)
  select p_tenant, p_size + ord, entry_id, occurred_at, action, subject_ref,
    substring(p_bytes from start + 1 for stop - start), substring(p_leaves from (ord::int - 1) * 32 + 1 for 32)
  from taken order by ord;
  get diagnostics v_written = row_count;
  if v_written <> v_count then
    raise exception 'an entry of the batch is no longer waiting' using errcode = 'UR001';
  end if;
  insert into core.audit_nodes (tenant_id, level, index, hash)
  select p_tenant, level, index, substring(p_node_hashes from (ord::int - 1) * 32 + 1 for 32)
  from unnest(p_node_levels, p_node_indexes) with ordinality as n(level, index, ord);
end $$;

revoke all on function core.claim_audit, core.commit_audit from public;
grant execute on function core.claim_audit, core.commit_audit to core_app;
grant select on core.audit_events, core.audit_heads, core.audit_entries, core.audit_nodes to core_app;
grant select, insert on core.audit_checkpoints, core.audit_anchorings, core.audit_key_successions to core_app;
