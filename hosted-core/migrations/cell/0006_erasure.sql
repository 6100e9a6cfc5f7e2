-- Erasure in the cell: one transaction empties every table of a person; a tombstone stays.

-- Whom the core has yet to be told of. The last place of a person's id; the row goes when the core has
-- confirmed.
create table cell.unfinished_erasures (
  tenant_id text not null,
  request_id text not null,
  subject_id uuid not null,
  primary key (tenant_id, request_id),
  foreign key (tenant_id, request_id) references cell.tombstones (tenant_id, request_id)
);

call cell.tenant_only('cell.unfinished_erasures');

-- A restored backup is searched for people who have a tombstone.
create index people_by_tombstone on cell.people (cell.tombstone_hash(tenant_id, subject_id));
-- Without these, deleting a person would read whole tables.
create index on cell.consent_events (tenant_id, consent_id);
create index on cell.interactions (tenant_id, (request ->> 'subjectId')) where request ? 'subjectId';
create index on cell.interactions (tenant_id, (outcome ->> 'subjectId')) where outcome ? 'subjectId';

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
