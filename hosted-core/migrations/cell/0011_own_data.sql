-- What people do with their own data: change a value, and have their account deleted.

-- Sites that may read a value are told that it changed (GDPR Article 19). The values themselves stay in the vault.
create table cell.attribute_changes (
  tenant_id text not null,
  change_id text not null check (change_id ~ '^chg_[a-z2-7]{26}$'),
  subject_id uuid not null,
  attributes text[] not null check (cardinality(attributes) > 0),
  occurred_at timestamptz not null,
  primary key (tenant_id, change_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.attribute_changes (tenant_id, subject_id, occurred_at desc);

-- Accounts that will be deleted unless their people change their mind until then.
create table cell.deletion_requests (
  tenant_id text not null,
  subject_id uuid not null,
  request_id text not null check (request_id ~ '^del_[a-z2-7]{26}$'),
  requested_at timestamptz not null,
  due_at timestamptz not null,
  primary key (tenant_id, subject_id),
  unique (tenant_id, request_id),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.deletion_requests (tenant_id, due_at);

call cell.tenant_only('cell.attribute_changes', 'cell.deletion_requests');

grant select, insert, delete on cell.attribute_changes, cell.deletion_requests to cell_app;
