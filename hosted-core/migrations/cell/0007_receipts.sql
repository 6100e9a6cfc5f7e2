-- Receipts, disconnected sites, sign-ins.

-- One row for each time that somebody agreed: what a receipt is made from. Append-only.
create table cell.consent_receipts (
  tenant_id text not null,
  receipt_id text not null check (receipt_id ~ '^rcp_[a-z2-7]{26}$'),
  subject_id uuid not null,
  site_id text not null,
  site_name text not null,
  site_origin text not null,
  purpose_id text not null,
  purpose_version int not null,
  purpose_text_sha256 bytea not null check (octet_length(purpose_text_sha256) = 32),
  locale text not null,
  consent_ids text[] not null check (cardinality(consent_ids) > 0),
  decided_at timestamptz not null,
  primary key (tenant_id, receipt_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.consent_receipts (tenant_id, subject_id, decided_at desc);

-- Keys that sign receipts. One signs; those before it stay published, because receipts are kept for years.
create table cell.receipt_keys (
  tenant_id text not null,
  kid text not null,
  public_jwk jsonb not null,
  sealed_private_jwk bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, kid)
);
create unique index receipt_keys_active on cell.receipt_keys (tenant_id) where retired_at is null;

-- Sites that a person disconnected. The state of telling the site stands at the core, under the request's id.
create table cell.site_disconnections (
  tenant_id text not null,
  request_id text not null check (request_id ~ '^dis_[a-z2-7]{26}$'),
  subject_id uuid not null,
  site_id text not null,
  site_name text not null,
  requested_at timestamptz not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.site_disconnections (tenant_id, subject_id, requested_at desc);

-- When somebody signed in, for the person's own eyes; forgotten after 90 days.
create table cell.sign_ins (
  tenant_id text not null,
  sign_in_id bigint not null generated always as identity,
  subject_id uuid not null,
  amr text[] not null,
  occurred_at timestamptz not null,
  primary key (tenant_id, sign_in_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.sign_ins (tenant_id, subject_id, occurred_at desc);
create index on cell.sign_ins (tenant_id, occurred_at);

call cell.tenant_only(
  'cell.consent_receipts', 'cell.receipt_keys', 'cell.site_disconnections', 'cell.sign_ins'
);

grant select, insert, delete on cell.consent_receipts, cell.site_disconnections, cell.sign_ins to cell_app;
grant select, insert on cell.receipt_keys to cell_app;
grant update (retired_at) on cell.receipt_keys to cell_app;

-- As cell.live_consents, for one purpose.
create function cell.live_consents_for(
  p_tenant text, p_subject_id uuid, p_site_id text, p_purpose_id text, p_now timestamptz
) returns text[] language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  return coalesce((
    select array_agg(distinct c.attribute order by c.attribute) from cell.consents c
    where c.tenant_id = p_tenant and c.subject_id = p_subject_id and c.site_id = p_site_id
      and c.purpose_id = p_purpose_id and c.state = 'granted' and c.expires_at > p_now
  ), '{}');
end $$;
