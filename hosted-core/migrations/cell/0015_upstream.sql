-- What sign-in and reconciliation at the sign-in service need more.

-- A hint that was not needed goes when the interaction ends, as one that was used went before.
create or replace function cell.finish_interaction(
  p_tenant text, p_hash bytea, p_browser_hash bytea, p_outcome jsonb, p_code_hash bytea, p_now timestamptz, p_audit jsonb
) returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_first boolean;
begin
  perform set_config('userref.tenant', p_tenant, true);
  -- An outcome that names a person holds their row, so that none is written for a person who is being erased.
  -- The person first, then the interaction: the order of every other writer.
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
  update cell.interactions i
  set outcome = coalesce(i.outcome, p_outcome), code_hash = p_code_hash, request = i.request - 'sealedHint'
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash;
  if not v_first then return 'again'; end if;
  perform cell.append_audit(p_audit);
  return 'first';
end $$;

-- `profile_hash`: keyed hash of the whole profile as it was compared last, so that most accounts are one comparison.
-- `changed_there`: when the account changed there, as that service says, in milliseconds.
alter table cell.upstream_accounts
  add column profile_hash text,
  add column changed_there bigint,
  drop column seen_in_run;

-- Who was on which page of a round of reconciliation; gone with the round. A row a page, where a mark on every
-- account would write all of them anew each time.
create table cell.upstream_pages (
  tenant_id text not null,
  round_id bigint not null,
  page int not null,
  subject_ids uuid[] not null,
  primary key (tenant_id, round_id, page)
);
alter table cell.upstream_pages enable row level security;
alter table cell.upstream_pages force row level security;
create policy tenant_only on cell.upstream_pages
  using (tenant_id = cell.current_tenant()) with check (tenant_id = cell.current_tenant());
grant select, insert, update, delete on cell.upstream_pages to cell_app;

-- `deliveries_until`: up to when that service's own record of failed deliveries was read.
-- `missing`: accounts that were on no page. `may_delete`: how many of them the operator has agreed to.
alter table cell.upstream_rounds
  add column deliveries_until timestamptz,
  add column missing int not null default 0,
  add column may_delete int;

-- One page of that service's users against the people here: notes who was on it, and answers with each account.
create function cell.compare_page(
  p_tenant text, p_round bigint, p_page int, p_numbers int[], p_versions int[], p_hmacs bytea[]
) returns table (
  number int, subject_id uuid, audit_ref uuid, state text, profile_hash text, changed_there bigint, kept boolean
) language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query
  with found as materialized (
    select distinct on (t.number) t.number, p.subject_id, p.audit_ref, coalesce(a.state, 'active') as state,
      a.profile_hash, a.changed_there, a.subject_id is not null as kept
    from unnest(p_numbers, p_versions, p_hmacs) as t(number, version, hmac)
    -- One look-up each: joined as a whole, every page would read all people.
    cross join lateral (select i.subject_id from cell.identifiers i where i.tenant_id = p_tenant
      and i.kind = 'upstream' and i.index_version = t.version and i.index_hmac = t.hmac limit 1) i
    cross join lateral (select p.subject_id, p.audit_ref from cell.people p where p.tenant_id = p_tenant
      and p.subject_id = i.subject_id and p.status <> 'erased' limit 1) p
    left join lateral (select a.* from cell.upstream_accounts a where a.tenant_id = p_tenant
      and a.subject_id = p.subject_id limit 1) a on true
    order by t.number
  ), noted as (
    insert into cell.upstream_pages as u (tenant_id, round_id, page, subject_ids)
    select p_tenant, p_round, p_page, coalesce(array_agg(f.subject_id), '{}') from found f
    on conflict (tenant_id, round_id, page) do update set subject_ids = u.subject_ids || excluded.subject_ids
  )
  select f.number, f.subject_id, f.audit_ref, f.state, f.profile_hash, f.changed_there, f.kept from found f;
end $$;
revoke execute on function cell.compare_page(text, bigint, int, int[], int[], bytea[]) from public;
grant execute on function cell.compare_page(text, bigint, int, int[], int[], bytea[]) to cell_app;
