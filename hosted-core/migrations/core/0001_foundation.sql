-- The protocol half: tenants, sites, subjects and their pseudonyms. No personal data lives here.

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
  dpv_purpose text,
  legal_basis text,
  -- A draft is asked for by nobody.
  published_at timestamptz,
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

call core.tenant_only(
  'core.tenants', 'core.sites', 'core.purposes', 'core.subjects', 'core.pairwise_links',
  'core.cell_notices'
);

grant select, insert, update on core.tenants, core.sites, core.purposes, core.subjects to core_app;
grant select, insert, update, delete on core.pairwise_links to core_app;
grant select, insert on core.cell_notices to core_app;
