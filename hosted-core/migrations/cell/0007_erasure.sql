-- Erasure in the cell: one transaction empties every table of a person; a tombstone stays.

-- The same bytes as core.tombstone_hash, see there.
create function cell.tombstone_hash(p_tenant text, p_subject_id uuid) returns bytea
  language sql immutable parallel safe
  return sha256(('userref/tombstone/v1|' || p_tenant || '|' || p_subject_id::text)::bytea);

-- Append-only, gapless per tenant: the ledger outside of the database is a copy of it, line by line.
create table cell.tombstones (
  tenant_id text not null,
  tombstone_id uuid not null default gen_random_uuid(),
  sequence bigint not null check (sequence > 0),
  subject_sha256 bytea not null check (octet_length(subject_sha256) = 32),
  request_id text not null check (length(request_id) between 8 and 64),
  erased_at timestamptz not null,
  -- Until then a backup may exist that still opens the data.
  backups_until timestamptz not null,
  primary key (tenant_id, tombstone_id),
  unique (tenant_id, sequence),
  unique (tenant_id, subject_sha256),
  unique (tenant_id, request_id)
);

-- Whom the core has yet to be told of. The last place of a person's id; the row goes when the core has
-- confirmed.
create table cell.unfinished_erasures (
  tenant_id text not null,
  request_id text not null,
  subject_id uuid not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references cell.tombstones (tenant_id, request_id)
);

do $$
declare name text;
begin
  foreach name in array array['tombstones', 'unfinished_erasures'] loop
    execute format('alter table cell.%I enable row level security', name);
    execute format('alter table cell.%I force row level security', name);
    execute format('create policy tenant_only on cell.%I using (tenant_id = cell.current_tenant()) with check (tenant_id = cell.current_tenant())', name);
  end loop;
end $$;

-- A restored backup is searched for people who have a tombstone.
create index people_by_tombstone on cell.people (cell.tombstone_hash(tenant_id, subject_id));
-- Without these, deleting a person would read whole tables.
create index on cell.consent_events (tenant_id, consent_id);
create index on cell.interactions (tenant_id, (request ->> 'subjectId')) where request ? 'subjectId';
create index on cell.interactions (tenant_id, (outcome ->> 'subjectId')) where outcome ? 'subjectId';

grant select, insert on cell.tombstones to cell_app;
-- After a restore, tombstones that the outside ledger does not know yet move behind those that it knows.
grant update (sequence) on cell.tombstones to cell_app;
grant select, insert, delete on cell.unfinished_erasures to cell_app;
grant delete on cell.people to cell_app;

-- The history of consents can be added to and nothing else, but for a person whose erasure has begun.
create function cell.forget_consents(p_tenant text, p_subject_id uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  perform 1 from cell.people where tenant_id = p_tenant and subject_id = p_subject_id and status = 'erased';
  if not found then
    raise exception using errcode = 'insufficient_privilege', message = 'consents of a person who is not being erased';
  end if;
  -- In the order in which reads are counted, so that neither waits for the other in a circle.
  perform 1 from cell.consents where tenant_id = p_tenant and subject_id = p_subject_id
  order by consent_id for update;
  delete from cell.consent_events where tenant_id = p_tenant and subject_id = p_subject_id;
  delete from cell.consents where tenant_id = p_tenant and subject_id = p_subject_id;
end $$;
revoke execute on function cell.forget_consents(text, uuid) from public;
grant execute on function cell.forget_consents(text, uuid) to cell_app;

-- As before, and: an outcome that names a person holds their row, so that none is written for a person who is
-- being erased. The person first, then the interaction: the order of every other writer.
create or replace function cell.finish_interaction(
  p_tenant text, p_hash bytea, p_browser_hash bytea, p_outcome jsonb, p_code_hash bytea, p_now timestamptz, p_audit jsonb
) returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_first boolean;
begin
  perform set_config('userref.tenant', p_tenant, true);
  if p_outcome ? 'subjectId' then
    perform 1 from cell.people p
    where p.tenant_id = p_tenant and p.subject_id = (p_outcome ->> 'subjectId')::uuid and p.status <> 'erased'
    for key share;
    if not found then return 'gone'; end if;
  end if;
  select i.outcome is null into v_first from cell.interactions i
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash and i.browser_hash = p_browser_hash
    and i.redeemed_at is null and i.expires_at > p_now
  for update;
  if not found then return 'gone'; end if;
  update cell.interactions i set outcome = coalesce(i.outcome, p_outcome), code_hash = p_code_hash
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash;
  if not v_first then return 'again'; end if;
  perform cell.append_audit(p_audit);
  return 'first';
end $$;
