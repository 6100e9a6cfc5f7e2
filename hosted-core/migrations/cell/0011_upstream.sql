-- What the cell remembers of people's accounts at the sign-in service, and of what that service told it.

-- One account a person. The account's id is sealed: it is needed to ask for the account and to have it deleted.
create table cell.upstream_accounts (
  tenant_id text not null,
  subject_id uuid not null,
  -- Bound into the sealed id; goes with it when the person is erased.
  account_ref uuid not null,
  sealed_sub bytea not null,
  state text not null default 'active' check (state in ('active', 'suspended', 'deleted')),
  -- The restriction of the person is ours to lift again.
  restricted_here boolean not null default false,
  -- Attribute → keyed hash of the value that was imported last. Values are in the vault only.
  imported jsonb not null default '{}',
  linked_at timestamptz not null default now(),
  checked_at timestamptz,
  seen_in_run bigint,
  primary key (tenant_id, subject_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.upstream_accounts (tenant_id, seen_in_run, subject_id) where state <> 'deleted';

-- What ends with an account session: the session there, by the hash of its id, and the refresh token.
create table cell.upstream_sessions (
  tenant_id text not null,
  session_hash bytea not null,
  subject_id uuid not null,
  sid_hash bytea,
  sealed_refresh_token bytea,
  primary key (tenant_id, session_hash),
  foreign key (tenant_id, session_hash) references cell.account_sessions on delete cascade,
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.upstream_sessions (tenant_id, subject_id);
create index on cell.upstream_sessions (tenant_id, sid_hash) where sid_hash is not null;

-- Accounts whose people were erased here, still to be deleted there. Nothing leads back to who they were here.
create table cell.upstream_farewells (
  tenant_id text not null,
  account_ref uuid not null,
  sealed_sub bytea not null,
  asked_at timestamptz not null default now(),
  primary key (tenant_id, account_ref)
);

-- SHA-256 of deliveries and of logout tokens that were taken, for as long as they could be replayed.
create table cell.upstream_deliveries (
  tenant_id text not null,
  delivery_sha256 bytea not null check (octet_length(delivery_sha256) = 32),
  received_at timestamptz not null,
  primary key (tenant_id, delivery_sha256)
);
create index on cell.upstream_deliveries (tenant_id, received_at);

-- Rounds of reconciliation. One at a time is open; it goes on at `next_page` whatever happened in between.
create table cell.upstream_rounds (
  tenant_id text not null,
  round_id bigint generated always as identity,
  started_at timestamptz not null,
  -- Pages of the list of users; null when all were read and the missing are being looked up.
  next_page int default 1,
  finished_at timestamptz,
  requests int not null default 0,
  users int not null default 0,
  changed int not null default 0,
  suspended int not null default 0,
  deleted int not null default 0,
  held boolean not null default false,
  primary key (tenant_id, round_id)
);
create unique index upstream_rounds_open on cell.upstream_rounds (tenant_id) where finished_at is null;

call cell.tenant_only(
  'cell.upstream_accounts', 'cell.upstream_sessions', 'cell.upstream_farewells',
  'cell.upstream_deliveries', 'cell.upstream_rounds'
);

grant select, insert, update, delete on cell.upstream_accounts, cell.upstream_sessions, cell.upstream_farewells,
  cell.upstream_deliveries, cell.upstream_rounds to cell_app;
