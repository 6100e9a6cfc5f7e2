-- The catalogue: what an operator adds to the default attributes. And sites that a person disconnected.

-- Operator-defined attributes. A new version of the schema is a new row; the newest published one counts.
create table core.attributes (
  tenant_id text not null references core.tenants,
  name text not null check (name ~ '^[a-z][a-z0-9_]{0,39}:[a-z][a-z0-9_]{0,39}$'),
  schema_version int not null check (schema_version > 0),
  class text not null check (class ~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$'),
  mask text not null check (mask in ('none', 'initials', 'year', 'email', 'last_digits', 'locality', 'hidden')),
  schema jsonb not null,
  labels jsonb not null,
  derived jsonb,
  -- GDPR Article 9: only with the basis of Article 9 (2) that the operator names.
  special_category boolean not null default false,
  legal_basis text,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, name, schema_version),
  check (not special_category or legal_basis is not null)
);

-- Erasure at one site. The person is not named: who holds the request's id may ask what became of it.
create table core.site_disconnections (
  tenant_id text not null,
  request_id text not null check (request_id ~ '^dis_[a-z2-7]{26}$'),
  site_id text not null,
  -- What this site knows the request by.
  site_request_id text not null check (site_request_id ~ '^era_[a-z2-7]{26}$'),
  -- Leads to the webhook, which holds the user_ref, until the site has it or it was given up.
  event_id text,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'parked', 'no_endpoint', 'confirmed', 'overdue')),
  state_at timestamptz not null,
  primary key (tenant_id, request_id),
  unique (tenant_id, site_request_id),
  foreign key (tenant_id, site_id) references core.sites
);
create index on core.site_disconnections (tenant_id) where event_id is not null;

call core.tenant_only('core.attributes', 'core.site_disconnections');

grant select, insert on core.attributes to core_app;
-- What was published stays as it is: people agreed to it.
grant update (published_at) on core.attributes to core_app;
grant select, insert on core.site_disconnections to core_app;
grant update (event_id, state, state_at) on core.site_disconnections to core_app;
