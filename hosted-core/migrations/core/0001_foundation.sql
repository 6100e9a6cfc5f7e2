-- The protocol half: tenants, sites, subjects and their pseudonyms. No personal data lives here.
create schema core;
grant usage on schema core to core_app;

-- Both '' (after a transaction that set it) and null (never set) mean: no tenant, no rows.
create function core.current_tenant() returns text
  language sql stable parallel safe
  return nullif(current_setting('userref.tenant', true), '');

create table core.tenants (
  tenant_id text primary key check (tenant_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  issuer text not null unique,
  created_at timestamptz not null default now()
);

create table core.sites (
  tenant_id text not null references core.tenants,
  site_id text not null check (site_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
  name text not null,
  origin text not null,
  redirect_uris text[] not null,
  post_logout_redirect_uris text[] not null default '{}',
  initiate_login_uri text,
  secret_sha256 bytea not null,
  pkce_required boolean not null default true,
  id_token_alg text not null default 'ES256' check (id_token_alg in ('ES256', 'RS256')),
  attribute_scopes text[] not null default '{}',
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, site_id)
);

create table core.purposes (
  tenant_id text not null,
  site_id text not null,
  purpose_id text not null check (purpose_id ~ '^[a-z][a-z0-9_]{1,62}$'),
  version int not null check (version > 0),
  max_duration_days int not null check (max_duration_days between 1 and 3650),
  texts jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, site_id, purpose_id, version),
  foreign key (tenant_id, site_id) references core.sites
);

create table core.subjects (
  tenant_id text not null references core.tenants,
  subject_id uuid not null,
  region text not null,
  status text not null default 'active' check (status in ('active', 'suspended', 'erased')),
  audit_ref uuid not null default gen_random_uuid(),
  created_at timestamptz not null default now(),
  primary key (tenant_id, subject_id)
);

-- Random, stored, never derived: erasure deletes the row, and nothing can bring the link back.
create table core.pairwise_links (
  tenant_id text not null,
  site_id text not null,
  subject_id uuid not null,
  user_ref text not null check (user_ref ~ '^ppid_[a-z2-7]{26}$'),
  connected_at timestamptz not null default now(),
  last_sign_in_at timestamptz not null default now(),
  primary key (tenant_id, site_id, subject_id),
  unique (tenant_id, user_ref),
  foreign key (tenant_id, site_id) references core.sites,
  foreign key (tenant_id, subject_id) references core.subjects
);
create index on core.pairwise_links (tenant_id, subject_id);

-- Changes that cells told us about, so that telling twice does nothing.
create table core.cell_notices (
  tenant_id text not null,
  event_id text not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, event_id)
);

create table core.audit_events (
  entry_id bigint generated always as identity primary key,
  tenant_id text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  action text not null,
  site_id text,
  subject_ref uuid,
  request_id text,
  data jsonb not null default '{}'
);
create index on core.audit_events (tenant_id, occurred_at);

-- One call appends many entries; it opens row level security for their tenant itself.
create function core.append_audit(p_entries jsonb) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_entries -> 0 ->> 'tenant_id', true);
  insert into core.audit_events (tenant_id, action, site_id, subject_ref, request_id, data)
  select e.tenant_id, e.action, e.site_id, e.subject_ref, e.request_id, coalesce(e.data, '{}')
  from jsonb_to_recordset(p_entries)
    as e(tenant_id text, action text, site_id text, subject_ref uuid, request_id text, data jsonb);
end $$;

do $$
declare name text;
begin
  foreach name in array array['tenants', 'sites', 'purposes', 'subjects', 'pairwise_links', 'cell_notices', 'audit_events'] loop
    execute format('alter table core.%I enable row level security', name);
    execute format('alter table core.%I force row level security', name);
    execute format('create policy tenant_only on core.%I using (tenant_id = core.current_tenant()) with check (tenant_id = core.current_tenant())', name);
  end loop;
end $$;

grant select, insert, update on core.tenants, core.sites, core.purposes, core.subjects to core_app;
grant select, insert, update, delete on core.pairwise_links to core_app;
grant select, insert on core.cell_notices, core.audit_events to core_app;
