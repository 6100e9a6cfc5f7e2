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
  -- Keyed hash of the whole profile as it was compared last, so that most accounts are one comparison.
  profile_hash text,
  -- When the account changed there, as that service says, in milliseconds.
  changed_there bigint,
  primary key (tenant_id, subject_id),
  foreign key (tenant_id, subject_id) references cell.people
);

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
  -- Up to when that service's own record of failed deliveries was read.
  deliveries_until timestamptz,
  -- Accounts that were on no page; and how many of them the operator has agreed to delete.
  missing int not null default 0,
  may_delete int,
  primary key (tenant_id, round_id)
);
create unique index upstream_rounds_open on cell.upstream_rounds (tenant_id) where finished_at is null;

-- Who was on which page of a round of reconciliation; gone with the round. A row a page, where a mark on every
-- account would write all of them anew each time.
create table cell.upstream_pages (
  tenant_id text not null,
  round_id bigint not null,
  page int not null,
  subject_ids uuid[] not null,
  primary key (tenant_id, round_id, page)
);

call cell.tenant_only(
  'cell.upstream_accounts', 'cell.upstream_sessions', 'cell.upstream_farewells',
  'cell.upstream_deliveries', 'cell.upstream_rounds', 'cell.upstream_pages'
);

grant select, insert, update, delete on cell.upstream_accounts, cell.upstream_sessions, cell.upstream_farewells,
  cell.upstream_deliveries, cell.upstream_rounds, cell.upstream_pages to cell_app;

-- One page of that service's users against the people here: notes who was on it, and answers with each account.
create function cell.compare_page(
  p_tenant text, p_round bigint, p_page int, p_numbers int[], p_versions int[], p_hmacs bytea[]
) returns table (
  number int, subject_id uuid, audit_ref uuid, state text, profile_hash text, changed_there bigint, kept boolean
) language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query
  with found as materialized (
    select distinct on (t.number) t.number, p.subject_id, p.audit_ref, coalesce(a.state, 'active') as state,
      a.profile_hash, a.changed_there, a.subject_id is not null as kept
    from unnest(p_numbers, p_versions, p_hmacs) as t(number, version, hmac)
    -- One look-up each: joined as a whole, every page would read all people.
    cross join lateral (select i.subject_id from cell.identifiers i where i.tenant_id = p_tenant
      and i.kind = 'upstream' and i.index_version = t.version and i.index_hmac = t.hmac limit 1) i
    cross join lateral (select p.subject_id, p.audit_ref from cell.people p where p.tenant_id = p_tenant
      and p.subject_id = i.subject_id and p.status <> 'erased' limit 1) p
    left join lateral (select a.* from cell.upstream_accounts a where a.tenant_id = p_tenant
      and a.subject_id = p.subject_id limit 1) a on true
    order by t.number
  ), noted as (
    insert into cell.upstream_pages as u (tenant_id, round_id, page, subject_ids)
    select p_tenant, p_round, p_page, coalesce(array_agg(f.subject_id), '{}') from found f
    on conflict (tenant_id, round_id, page) do update set subject_ids = u.subject_ids || excluded.subject_ids
  )
  select f.number, f.subject_id, f.audit_ref, f.state, f.profile_hash, f.changed_there, f.kept from found f;
end $$;
revoke execute on function cell.compare_page(text, bigint, int, int[], int[], bytea[]) from public;
grant execute on function cell.compare_page(text, bigint, int, int[], int[], bytea[]) to cell_app;
