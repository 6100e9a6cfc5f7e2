-- Webhooks: where sites want events, the outbox, and every attempt to deliver.

create table core.webhook_endpoints (
  tenant_id text not null,
  endpoint_id uuid not null default gen_random_uuid(),
  site_id text not null,
  -- backchannel_logout: takes logout tokens (OpenID Connect Back-Channel Logout 1.0) instead of events.
  -- poll: has no address; the site asks for its events, and signs what it acknowledges with the secret.
  kind text not null default 'events' check (kind in ('events', 'backchannel_logout', 'poll')),
  url text check (length(url) <= 2048),
  -- Null: all.
  event_types text[] check (cardinality(event_types) > 0),
  sealed_secret bytea not null,
  -- Ed25519, for `v1a` signatures.
  sealed_signing_key bytea,
  public_key text,
  -- During a rotation both secrets sign; the old ones until this time.
  previous_sealed_secret bytea,
  previous_sealed_signing_key bytea,
  previous_valid_until timestamptz,
  state text not null default 'enabled' check (state in ('enabled', 'paused', 'disabled')),
  disabled_reason text check (disabled_reason in ('gone', 'by_operator', 'failing')),
  failing_since timestamptz,
  -- Deliveries at a time: grows with successes, falls to one at a failure.
  lanes smallint not null default 1 check (lanes between 1 and 4),
  -- The last answer took long; slow endpoints share a few lanes among them all.
  slow boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, endpoint_id),
  foreign key (tenant_id, site_id) references core.sites,
  check ((previous_sealed_secret is null) = (previous_valid_until is null)),
  check ((state = 'disabled') = (disabled_reason is not null)),
  check ((kind = 'poll') = (url is null)),
  check ((sealed_signing_key is null) = (public_key is null))
);
create index on core.webhook_endpoints (tenant_id, site_id);

create table core.webhook_events (
  tenant_id text not null,
  event_id text not null check (event_id ~ '^evt_[a-z2-7]{26}$'),
  site_id text not null,
  type text not null,
  user_ref text check (user_ref ~ '^ppid_[a-z2-7]{26}$'),
  -- The exact bytes, so that every attempt sends the same body.
  body bytea not null check (length(body) <= 20000),
  -- Set for an event that is for one endpoint only, such as a test.
  endpoint_id uuid,
  -- Place in the site's feed, given when the site first asks: an event that was committed late comes late, and
  -- nobody who asks for «after» misses it.
  position bigint,
  confirmation_due_at timestamptz,
  confirmed_at timestamptz,
  confirmed_by text check (confirmed_by in ('response', 'ack')),
  -- `webhook-timestamp` and signature of the acknowledgement.
  confirmation_proof text,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, event_id),
  foreign key (tenant_id, site_id) references core.sites,
  check ((confirmed_at is null) = (confirmed_by is null))
);
create index on core.webhook_events (tenant_id, site_id, created_at);
create index on core.webhook_events (tenant_id, user_ref) where user_ref is not null;
create unique index webhook_events_feed on core.webhook_events (tenant_id, site_id, position) where position is not null;
create index webhook_events_unplaced on core.webhook_events (tenant_id, site_id) where position is null;
create index webhook_events_unconfirmed on core.webhook_events (tenant_id, confirmation_due_at)
  where confirmation_due_at is not null and confirmed_at is null;

create table core.event_feeds (
  tenant_id text not null,
  site_id text not null,
  last_position bigint not null,
  primary key (tenant_id, site_id),
  foreign key (tenant_id, site_id) references core.sites
);

create table core.webhook_deliveries (
  tenant_id text not null,
  delivery_id uuid not null default gen_random_uuid(),
  -- Order of publication. Stays inside: order across sites would tell who belongs together.
  sequence bigint not null generated always as identity,
  event_id text not null,
  endpoint_id uuid not null,
  user_ref text,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'parked')),
  attempts int not null default 0,
  first_due_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  -- Held by the one worker that is sending; worth nothing once expired.
  lease_id uuid,
  lease_expires_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, delivery_id),
  unique (tenant_id, event_id, endpoint_id),
  foreign key (tenant_id, event_id) references core.webhook_events,
  foreign key (tenant_id, endpoint_id) references core.webhook_endpoints,
  check ((lease_id is null) = (lease_expires_at is null)),
  check ((state = 'pending') = (finished_at is null))
);
create index on core.webhook_deliveries (tenant_id, endpoint_id, user_ref, sequence) where state = 'pending';
create index on core.webhook_deliveries (tenant_id, endpoint_id, sequence) where state = 'pending';
create index on core.webhook_deliveries (tenant_id, endpoint_id) where lease_id is not null;

create table core.webhook_attempts (
  tenant_id text not null,
  attempt_id bigint not null generated always as identity,
  delivery_id uuid not null,
  started_at timestamptz not null,
  latency_ms int not null,
  -- Either an HTTP status or the reason why there was none.
  status int,
  failure text,
  -- The beginning of the answer, with everything redacted that could be a secret or about a person.
  body_excerpt text check (length(body_excerpt) <= 1024),
  primary key (tenant_id, attempt_id),
  foreign key (tenant_id, delivery_id) references core.webhook_deliveries,
  check ((status is null) <> (failure is null))
);
create index on core.webhook_attempts (tenant_id, delivery_id);

call core.tenant_only(
  'core.webhook_endpoints', 'core.webhook_events', 'core.webhook_deliveries', 'core.webhook_attempts',
  'core.event_feeds'
);

grant select, insert, update on core.webhook_endpoints, core.webhook_deliveries, core.event_feeds to core_app;
grant select, insert on core.webhook_events, core.webhook_attempts to core_app;
grant update (position, confirmed_at, confirmed_by, confirmation_proof) on core.webhook_events to core_app;
grant delete on core.webhook_events, core.webhook_deliveries, core.webhook_attempts to core_app;
