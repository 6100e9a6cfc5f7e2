-- Rotation of keys, and the blind index for e-mail addresses and phone numbers.

-- The lowest version of a class of keys that may still open anything.
create table cell.key_floors (
  tenant_id text not null,
  region text not null,
  class text not null,
  min_decryption_version int not null check (min_decryption_version > 0),
  raised_at timestamptz not null default now(),
  primary key (tenant_id, region, class)
);

-- Where each rotation stands. What is still to do is always counted in the rows themselves; this is how far
-- the current pass has come, and how fast.
create table cell.key_rotations (
  tenant_id text not null,
  region text not null,
  kind text not null check (kind in ('kek', 'dek', 'blind_index')),
  class text not null,
  rotation_id uuid not null default gen_random_uuid(),
  -- The key version to move to; null for data keys, where everything made before started_at is old.
  to_version int,
  state text not null default 'waiting' check (state in ('waiting', 'migrating', 'finished')),
  started_at timestamptz not null default clock_timestamp(),
  -- When the new version becomes active; and when no process can still hold the old one as the active one.
  flip_at timestamptz not null,
  settled_at timestamptz not null,
  -- Work done so far. A row may be counted twice, when a person wrote it in between.
  moved bigint not null default 0,
  -- In the pass under way: rows that do not open, and the last person looked at.
  unreadable bigint not null default 0,
  cursor_after uuid,
  -- The latest window of a few seconds, for the estimate.
  window_at timestamptz,
  window_moved bigint not null default 0,
  per_second double precision,
  finished_at timestamptz,
  primary key (tenant_id, region, kind, class, rotation_id),
  check ((finished_at is null) = (state <> 'finished'))
);
create unique index one_rotation_at_a_time on cell.key_rotations (tenant_id, region, kind, class)
  where state <> 'finished';

-- How often each operator has looked people up, a minute at a time, over all processes.
create table cell.lookup_callers (
  tenant_id text not null,
  caller text not null check (length(caller) between 1 and 200),
  window_started_at timestamptz not null,
  lookups int not null,
  primary key (tenant_id, caller)
);

call cell.tenant_only('cell.key_floors', 'cell.key_rotations', 'cell.lookup_callers');

grant select, insert, update on cell.key_floors, cell.key_rotations, cell.lookup_callers to cell_app;
grant update (state, state_changed_at, root_key_id, wrapped_key) on cell.keys to cell_app;
