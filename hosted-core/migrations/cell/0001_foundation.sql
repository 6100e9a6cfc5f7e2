-- The region's half: people and what is theirs. Only the cell's role has any right here.
create schema cell;
create schema cell_keys;
grant usage on schema cell, cell_keys to cell_app;

create function cell.current_tenant() returns text
  language sql stable parallel safe
  return nullif(current_setting('userref.tenant', true), '');

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
  primary key (tenant_id, kind, index_version, index_hmac),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.identifiers (tenant_id, subject_id);

create table cell.audit_events (
  entry_id bigint generated always as identity primary key,
  tenant_id text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  action text not null,
  site_id text,
  subject_ref uuid,
  request_id text,
  data jsonb not null default '{}'
);
create index on cell.audit_events (tenant_id, occurred_at);
create index on cell.audit_events (tenant_id, subject_ref, occurred_at);

create function cell.append_audit(p_entries jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_entries -> 0 ->> 'tenant_id', true);
  insert into cell.audit_events (tenant_id, action, site_id, subject_ref, request_id, data)
  select e.tenant_id, e.action, e.site_id, e.subject_ref, e.request_id, coalesce(e.data, '{}')
  from jsonb_to_recordset(p_entries)
    as e(tenant_id text, action text, site_id text, subject_ref uuid, request_id text, data jsonb);
end $$;

do $$
declare name text;
begin
  foreach name in array array['people', 'identifiers', 'audit_events'] loop
    execute format('alter table cell.%I enable row level security', name);
    execute format('alter table cell.%I force row level security', name);
    execute format('create policy tenant_only on cell.%I using (tenant_id = cell.current_tenant()) with check (tenant_id = cell.current_tenant())', name);
  end loop;
end $$;

grant select, insert, update on cell.people to cell_app;
grant select, insert, update, delete on cell.identifiers to cell_app;
grant select, insert on cell.audit_events to cell_app;
