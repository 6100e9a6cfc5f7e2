-- The vault: keys that wrap keys, one data key per person and class, and the sealed values.
-- Every key in here is wrapped: without the key management service a copy of these tables opens nothing.

create table cell.keys (
  tenant_id text not null,
  region text not null,
  -- A class of attributes, or blind_index:<field>.
  class text not null,
  version int not null check (version > 0),
  state text not null default 'active'
    check (state in ('pre_active', 'active', 'decrypt_only', 'disabled', 'destroyed')),
  -- Which key of the key management service wrapped it.
  root_key_id text not null,
  -- Null once destroyed.
  wrapped_key bytea,
  created_at timestamptz not null default now(),
  state_changed_at timestamptz not null default now(),
  primary key (tenant_id, region, class, version),
  check ((wrapped_key is null) = (state = 'destroyed'))
);
create unique index one_active_key on cell.keys (tenant_id, region, class) where state = 'active';

-- In a schema of its own, so that backups of it can be kept for a shorter time: deleting a row here is
-- what makes the values of a person unreadable.
create table cell_keys.subject_keys (
  tenant_id text not null,
  subject_id uuid not null,
  class text not null,
  version int not null check (version > 0),
  key_id uuid not null,
  kek_version int not null,
  wrapped_dek bytea not null,
  -- NIST SP 800-38D: a key with random nonces is retired long before 2^32 encryptions.
  encryptions bigint not null default 0 check (encryptions between 0 and 268435456),
  -- Set aside by an operator because it does not open: no rotation tries it and no floor waits for it any more.
  quarantined_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, subject_id, class, version),
  foreign key (tenant_id, subject_id) references cell.people
);

create table cell.users_pii (
  tenant_id text not null,
  subject_id uuid not null,
  attribute text not null,
  class text not null,
  key_version int not null,
  -- Counts writes; bound into the ciphertext, and what background re-encryption compares before it swaps.
  row_rev int not null check (row_rev > 0),
  schema_version int not null check (schema_version > 0),
  value_enc bytea not null check (octet_length(value_enc) between 146 and 65682),
  source text not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, subject_id, attribute),
  foreign key (tenant_id, subject_id) references cell.people,
  -- Words of a line, see cell.sealed_values.
  check ((attribute || class || source) !~ '\s')
);

call cell.tenant_only('cell.keys', 'cell_keys.subject_keys', 'cell.users_pii');

grant select, insert on cell.keys to cell_app;
grant select, insert, update, delete on cell_keys.subject_keys, cell.users_pii to cell_app;

-- What the vault needs to open values of one person: ciphertexts and wrapped data keys, of one snapshot. A line
-- each, its words in the order of the columns below; as JSON it would cost the server twice as much. Runs inside
-- the functions that decide who may ask, and is part of their plan: it sets nothing itself. Without the keys of
-- sealed envelopes: a person may have many, and no stored value needs them.
--   p_attributes: null for all
create function cell.sealed_values(p_tenant text, p_subject_id uuid, p_attributes text[])
  returns table (stored text, keys text)
  language sql stable as $$
  select (
    select string_agg(v.attribute || ' ' || v.class || ' ' || v.key_version || ' ' || v.row_rev || ' '
      || v.schema_version || ' ' || v.source || ' ' || encode(v.value_enc, 'hex'), e'\n')
    from cell.users_pii v
    where v.tenant_id = p_tenant and v.subject_id = p_subject_id
      and (p_attributes is null or v.attribute = any (p_attributes))
  ), (
    select string_agg(k.class || ' ' || k.version || ' ' || k.key_id || ' ' || k.kek_version || ' '
      || encode(k.wrapped_dek, 'hex'), e'\n')
    from cell_keys.subject_keys k
    where k.tenant_id = p_tenant and k.subject_id = p_subject_id and k.class <> 'sealed'
  )
$$;

-- The person's own view: everything that is held about them. One call, no session state needed.
create function cell.own_attributes(p_tenant text, p_subject_id uuid)
  returns table (epoch int, audit_ref uuid, stored text, keys text)
  language plpgsql rows 1 set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query
  select p.epoch, p.audit_ref, sealed.stored, sealed.keys
  from cell.people p, cell.sealed_values(p_tenant, p_subject_id, null) sealed
  where p.tenant_id = p_tenant and p.subject_id = p_subject_id and p.status <> 'erased';
end $$;

revoke execute on function cell.sealed_values(text, uuid, text[]), cell.own_attributes(text, uuid) from public;
grant execute on function cell.sealed_values(text, uuid, text[]), cell.own_attributes(text, uuid) to cell_app;
