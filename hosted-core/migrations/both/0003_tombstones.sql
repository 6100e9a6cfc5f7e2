-- Tombstones: what is left of a person who was erased.

-- How a tombstone names a person without keeping their id: whoever still has the id, such as a restored
-- backup, finds the tombstone; nobody finds the id. 122 random bits cannot be tried out. The same bytes in
-- both halves.
create function :HALF.tombstone_hash(p_tenant text, p_subject_id uuid) returns bytea
  language sql immutable parallel safe
  return sha256(('userref/tombstone/v1|' || p_tenant || '|' || p_subject_id::text)::bytea);

-- Append-only, gapless per tenant: the ledger outside of the database is a copy of it, line by line.
create table :HALF.tombstones (
  tenant_id text not null,
  tombstone_id uuid not null default gen_random_uuid(),
  sequence bigint not null check (sequence > 0),
  subject_sha256 bytea not null check (octet_length(subject_sha256) = 32),
  request_id text not null check (length(request_id) between 8 and 64),
  erased_at timestamptz not null,
  -- Until then a backup may exist that still opens the data.
  backups_until timestamptz not null,
  primary key (tenant_id, tombstone_id),
  unique (tenant_id, sequence),
  unique (tenant_id, subject_sha256),
  unique (tenant_id, request_id)
);

call :HALF.tenant_only(':HALF.tombstones');
grant select, insert on :HALF.tombstones to :HALF_app;
-- After a restore, tombstones that the outside ledger does not know yet move behind those that it knows.
grant update (sequence) on :HALF.tombstones to :HALF_app;
