-- Test mode: a tenant whose people, keys and sites are for trying things out. Only there may a site have previews.
alter table core.tenants add column mode text not null default 'live' check (mode in ('live', 'test'));
alter table core.tenants add unique (tenant_id, mode);

-- What is served over http is on somebody's own machine. The policy would hide the rows from their owner.
alter table core.tenants no force row level security;
update core.tenants set mode = 'test' where issuer like 'http:%';
alter table core.tenants force row level security;
-- Issuer and mode are for ever.
revoke update on core.tenants from core_app;

-- A pattern such as https://*--shop.netlify.app. The key makes it impossible in a tenant that is live, whatever the code does.
alter table core.sites
  add column preview_patterns text[] not null default '{}' check (array_position(preview_patterns, null) is null),
  add column previews_need text generated always as (case when cardinality(preview_patterns) > 0 then 'test' end) stored,
  add foreign key (tenant_id, previews_need) references core.tenants (tenant_id, mode);
