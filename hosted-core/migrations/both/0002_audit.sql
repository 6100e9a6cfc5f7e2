-- From rows that changes leave behind to a log that proves itself: what waits here is given a number, exact
-- bytes, a place in a hash chain and in a Merkle tree (RFC 6962), one batch at a time.
create table :HALF.audit_pending (
  tenant_id text not null,
  entry_id bigint not null generated always as identity,
  occurred_at timestamptz not null default clock_timestamp(),
  action text not null,
  site_id text,
  subject_ref uuid,
  request_id text,
  data jsonb not null default '{}',
  primary key (tenant_id, entry_id)
);
-- A queue: rows live for a moment, so dead ones must not pile up before they are cleared away.
alter table :HALF.audit_pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1);

-- One row a chain. `head` is the leaf hash of the last entry, before there is one the SHA-256 of `log`;
-- `frontier` the hashes of the perfect subtrees that the tree consists of, largest first, 32 bytes each.
create table :HALF.audit_heads (
  tenant_id text primary key,
  log text not null unique,
  size bigint not null default 0 check (size >= 0),
  head bytea not null check (length(head) = 32),
  frontier bytea not null default '' check (length(frontier) = 32 * bit_count(size::bit(64)))
);

-- `canonical` is what was hashed, byte for byte. The columns beside it are for searching only.
create table :HALF.audit_entries (
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
create index on :HALF.audit_entries (tenant_id, subject_ref, seq) where subject_ref is not null;
create index on :HALF.audit_entries using brin (occurred_at);

-- Every eighth level of the tree (8, 16, …): enough to make any proof from a few hundred hashes.
create table :HALF.audit_nodes (
  tenant_id text not null,
  level int not null check (level > 0 and level % 8 = 0),
  index bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (tenant_id, level, index)
);

create table :HALF.audit_checkpoints (
  tenant_id text not null,
  size bigint not null,
  note text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, size)
);

-- Which checkpoint was put where, outside of this database.
create table :HALF.audit_anchorings (
  tenant_id text not null,
  anchor text not null,
  size bigint not null,
  anchored_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, anchor, size)
);

-- Notes in which an older key of the signer vouches for a newer one.
create table :HALF.audit_key_successions (
  tenant_id text not null,
  public_key text not null,
  note text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, public_key)
);

call :HALF.tenant_only(
  ':HALF.audit_pending', ':HALF.audit_heads', ':HALF.audit_entries', ':HALF.audit_nodes',
  ':HALF.audit_checkpoints', ':HALF.audit_anchorings', ':HALF.audit_key_successions'
);

-- One call appends many entries; it opens row level security for their tenant itself.
create function :HALF.append_audit(p_entries jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_entries -> 0 ->> 'tenant_id', true);
  insert into :HALF.audit_pending (tenant_id, action, site_id, subject_ref, request_id, data)
  select e.tenant_id, e.action, e.site_id, e.subject_ref, e.request_id, coalesce(e.data, '{}')
  from jsonb_to_recordset(p_entries)
    as e(tenant_id text, action text, site_id text, subject_ref uuid, request_id text, data jsonb);
end $$;

-- Whether anything waits, in one statement.
create function :HALF.audit_waiting(p_tenant text) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  return exists (select from :HALF.audit_pending where tenant_id = p_tenant);
end $$;

-- Takes the chain for the rest of the transaction and answers with its head; without a row when another
-- sequencer has it. One that falls silent while it holds the chain loses its connection.
create function :HALF.claim_audit(p_tenant text) returns setof :HALF.audit_heads
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_log text := format('userref.audit/:HALF/%s/%s', p_tenant, replace(gen_random_uuid()::text, '-', ''));
begin
  perform set_config('userref.tenant', p_tenant, true);
  if not pg_try_advisory_xact_lock(hashtextextended('userref.audit/:HALF/' || p_tenant, 0)) then
    return;
  end if;
  perform set_config('idle_in_transaction_session_timeout', '5s', true);
  -- The queue has no statistics worth the name: without this the planner sorts all of it for every batch.
  perform set_config('enable_sort', 'off', true);
  insert into :HALF.audit_heads (tenant_id, log, head)
  values (p_tenant, v_log, sha256(convert_to(v_log, 'UTF8'))) on conflict (tenant_id) do nothing;
  return query select * from :HALF.audit_heads where tenant_id = p_tenant;
end $$;

-- Appends a batch behind the head that the caller worked from. If the head is another one by now, or a row
-- is no longer waiting, nothing is written (SQLSTATE UR001). `p_ends` are the ends of the entries in `p_bytes`.
create function :HALF.commit_audit(
  p_tenant text, p_size bigint, p_head bytea, p_entry_ids bigint[], p_ends int[], p_bytes bytea, p_leaves bytea,
  p_frontier bytea, p_node_levels int[], p_node_indexes bigint[], p_node_hashes bytea
) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_count int := cardinality(p_entry_ids);
  v_written bigint;
begin
  perform set_config('userref.tenant', p_tenant, true);
  update :HALF.audit_heads
  set size = size + v_count, head = substring(p_leaves from (v_count - 1) * 32 + 1 for 32), frontier = p_frontier
  where tenant_id = p_tenant and size = p_size and head = p_head;
  if not found then
    raise exception 'the chain has moved on' using errcode = 'UR001';
  end if;
  with given as (
    select entry_id, lag(e, 1, 0) over (order by ord) as start, e as stop, ord
    from unnest(p_entry_ids, p_ends) with ordinality as g(entry_id, e, ord)
  ), taken as (
    delete from :HALF.audit_pending p using given g
    where p.tenant_id = p_tenant and p.entry_id = g.entry_id
    returning p.entry_id, p.occurred_at, p.action, p.subject_ref, g.start, g.stop, g.ord
  )
  insert into :HALF.audit_entries (tenant_id, seq, entry_id, occurred_at, action, subject_ref, canonical, leaf_hash)
  select p_tenant, p_size + ord, entry_id, occurred_at, action, subject_ref,
    substring(p_bytes from start + 1 for stop - start), substring(p_leaves from (ord::int - 1) * 32 + 1 for 32)
  from taken order by ord;
  get diagnostics v_written = row_count;
  if v_written <> v_count then
    raise exception 'an entry of the batch is no longer waiting' using errcode = 'UR001';
  end if;
  insert into :HALF.audit_nodes (tenant_id, level, index, hash)
  select p_tenant, level, index, substring(p_node_hashes from (ord::int - 1) * 32 + 1 for 32)
  from unnest(p_node_levels, p_node_indexes) with ordinality as n(level, index, ord);
end $$;

revoke all on function :HALF.claim_audit, :HALF.commit_audit from public;
grant execute on function :HALF.claim_audit, :HALF.commit_audit to :HALF_app;
grant select, insert on :HALF.audit_pending to :HALF_app;
grant select on :HALF.audit_heads, :HALF.audit_entries, :HALF.audit_nodes to :HALF_app;
grant select, insert on :HALF.audit_checkpoints, :HALF.audit_anchorings, :HALF.audit_key_successions to :HALF_app;
