-- The region's half: people and what is theirs. Only the cell's role has any right here.
create schema cell_keys;
grant usage on schema cell_keys to cell_app;

create table cell.people (
  tenant_id text not null,
  subject_id uuid not null default gen_random_uuid(),
  status text not null default 'active' check (status in ('active', 'restricted', 'erased')),
  -- Raised whenever cached keys of this person must no longer be used.
  epoch int not null default 1,
  audit_ref uuid not null default gen_random_uuid(),
  created_at timestamptz not null default now(),
  primary key (tenant_id, subject_id)
);

-- How a person is found again: keyed hashes only (blind index), never the identifier itself.
create table cell.identifiers (
  tenant_id text not null,
  kind text not null check (kind in ('upstream', 'email', 'phone')),
  index_hmac bytea not null,
  index_version int not null,
  subject_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, index_version, index_hmac, subject_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.identifiers (tenant_id, subject_id);
-- Two people may share a telephone or an address: these kinds help operators to find people, and never let
-- anybody in. The upstream's identity does, so it is unique.
create unique index one_person_per_upstream_identity
  on cell.identifiers (tenant_id, kind, index_version, index_hmac) where kind = 'upstream';
create unique index one_contact_per_person
  on cell.identifiers (tenant_id, subject_id, kind, index_version) where kind in ('email', 'phone');

call cell.tenant_only('cell.people', 'cell.identifiers');

grant select, insert, update on cell.people to cell_app;
grant select, insert, update, delete on cell.identifiers to cell_app;
