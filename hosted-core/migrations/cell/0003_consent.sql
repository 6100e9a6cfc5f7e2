-- What people decided, and the short-lived state of pages: interactions, sign-ins, sessions.

-- The wording that was agreed to, so that it can be shown again whatever the site registers later.
create table cell.purpose_texts (
  tenant_id text not null,
  site_id text not null,
  purpose_id text not null,
  version int not null,
  texts jsonb not null,
  max_duration_days int,
  dpv_purpose text,
  legal_basis text,
  first_seen_at timestamptz not null default now(),
  primary key (tenant_id, site_id, purpose_id, version)
);

create table cell.consents (
  tenant_id text not null,
  consent_id text not null check (consent_id ~ '^con_[a-z2-7]{26}$'),
  subject_id uuid not null,
  site_id text not null,
  attribute text not null,
  purpose_id text not null,
  purpose_version int not null,
  -- Of the text in the language that the person read.
  purpose_text_sha256 bytea not null check (octet_length(purpose_text_sha256) = 32),
  locale text not null,
  state text not null check (state in ('granted', 'denied', 'withdrawn', 'expired')),
  decided_at timestamptz not null,
  expires_at timestamptz,
  withdrawn_at timestamptz,
  reads bigint not null default 0,
  last_read_at timestamptz,
  primary key (tenant_id, consent_id),
  foreign key (tenant_id, subject_id) references cell.people,
  check (state not in ('granted', 'expired') or expires_at is not null),
  check ((state = 'withdrawn') = (withdrawn_at is not null))
);
-- One standing decision each; what was withdrawn or has run out stays as history.
create unique index consents_standing on cell.consents (tenant_id, subject_id, site_id, attribute, purpose_id)
  where state in ('granted', 'denied');
create index consents_expiring on cell.consents (tenant_id, expires_at) where state = 'granted';

-- Append-only. Rows of one notice are told to the core together.
create table cell.consent_events (
  event_no bigint generated always as identity primary key,
  tenant_id text not null,
  consent_id text not null,
  notice_id text,
  change text not null check (change in ('granted', 'renewed', 'denied', 'withdrawn', 'expired')),
  subject_id uuid not null,
  site_id text not null,
  attribute text not null,
  purpose_id text not null,
  purpose_version int not null,
  locale text not null,
  expires_at timestamptz,
  occurred_at timestamptz not null,
  foreign key (tenant_id, consent_id) references cell.consents
);
create index on cell.consent_events (tenant_id, subject_id, event_no);
create index on cell.consent_events (tenant_id, notice_id) where notice_id is not null;

-- Ids, codes, states and cookies are kept as SHA-256 only.
create table cell.interactions (
  tenant_id text not null,
  interaction_hash bytea not null,
  request jsonb not null,
  -- Of the first browser that opened it; no other may.
  browser_hash bytea,
  outcome jsonb,
  code_hash bytea,
  redeemed_at timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, interaction_hash)
);
create index on cell.interactions (tenant_id, expires_at);

create table cell.upstream_logins (
  tenant_id text not null,
  state_hash bytea not null,
  browser_hash bytea not null,
  code_verifier text not null,
  nonce text not null,
  forced boolean not null,
  next_step text not null,
  expires_at timestamptz not null,
  primary key (tenant_id, state_hash)
);
create index on cell.upstream_logins (tenant_id, expires_at);

create table cell.account_sessions (
  tenant_id text not null,
  session_hash bytea not null,
  -- A name that may be shown; the hash of the cookie stays inside.
  session_ref uuid not null default gen_random_uuid(),
  subject_id uuid not null,
  assurance_level text not null check (assurance_level in ('low', 'substantial', 'high')),
  amr text[] not null,
  auth_time timestamptz not null,
  -- The upstream was made to ask for credentials, not just to recognise the person.
  forced boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (tenant_id, session_hash),
  foreign key (tenant_id, subject_id) references cell.people
);
create index on cell.account_sessions (tenant_id, expires_at);
create index on cell.account_sessions (tenant_id, subject_id);

call cell.tenant_only(
  'cell.purpose_texts', 'cell.consents', 'cell.consent_events', 'cell.interactions',
  'cell.upstream_logins', 'cell.account_sessions'
);

grant select, insert on cell.purpose_texts, cell.consent_events to cell_app;
grant select, insert, update on cell.consents to cell_app;
grant select, insert, update, delete on cell.interactions, cell.upstream_logins, cell.account_sessions to cell_app;

-- The calls of every login: one statement each, which opens row level security for its tenant itself.

create function cell.start_interaction(
  p_tenant text, p_hash bytea, p_request jsonb, p_now timestamptz, p_expires_at timestamptz, p_audit jsonb
) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform cell.append_audit(p_audit);
  insert into cell.interactions (tenant_id, interaction_hash, request, created_at, expires_at)
  values (p_tenant, p_hash, p_request, p_now, p_expires_at);
end $$;

-- Binds the interaction to the first browser that opens it, and reads it with the session of that browser.
create function cell.open_interaction(
  p_tenant text, p_hash bytea, p_browser_hash bytea, p_session_hash bytea, p_now timestamptz
) returns table (
  request jsonb, outcome jsonb, redeemed boolean, created_at timestamptz, expires_at timestamptz,
  subject_id uuid, assurance_level text, amr text[], auth_time timestamptz, fresh boolean
) language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  update cell.interactions i set browser_hash = p_browser_hash
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash and i.browser_hash is null and i.expires_at > p_now;
  return query
  select i.request, i.outcome, i.redeemed_at is not null, i.created_at, i.expires_at,
    s.subject_id, s.assurance_level, s.amr, s.auth_time, s.forced and s.created_at >= i.created_at
  from cell.interactions i
  left join cell.account_sessions s
    on s.tenant_id = i.tenant_id and s.session_hash = p_session_hash and s.expires_at > p_now
    and exists (select 1 from cell.people p
      where p.tenant_id = s.tenant_id and p.subject_id = s.subject_id and p.status <> 'erased')
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash
    and (i.browser_hash = p_browser_hash or (i.browser_hash is null and i.expires_at <= p_now));
end $$;

-- The first outcome stays; a browser that asks again gets a new code for it, until one was redeemed. An outcome
-- that names a person holds their row, so that none is written for a person who is being erased. The person
-- first, then the interaction: the order of every other writer. A hint that was not needed goes with the end.
create function cell.finish_interaction(
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
  update cell.interactions i
  set outcome = coalesce(i.outcome, p_outcome), code_hash = p_code_hash, request = i.request - 'sealedHint'
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash;
  if not v_first then return 'again'; end if;
  perform cell.append_audit(p_audit);
  return 'first';
end $$;

create function cell.redeem_outcome(p_tenant text, p_hash bytea, p_code_hash bytea, p_now timestamptz)
returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_outcome jsonb;
begin
  perform set_config('userref.tenant', p_tenant, true);
  update cell.interactions i set redeemed_at = p_now
  where i.tenant_id = p_tenant and i.interaction_hash = p_hash and i.code_hash = p_code_hash
    and i.redeemed_at is null and i.expires_at > p_now
  returning i.outcome into v_outcome;
  return v_outcome;
end $$;

create function cell.live_consents(p_tenant text, p_subject_id uuid, p_site_id text, p_now timestamptz)
returns text[] language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  return coalesce((
    select array_agg(distinct c.attribute order by c.attribute) from cell.consents c
    where c.tenant_id = p_tenant and c.subject_id = p_subject_id and c.site_id = p_site_id
      and c.state = 'granted' and c.expires_at > p_now
  ), '{}');
end $$;

create function cell.standing_decisions(p_tenant text, p_subject_id uuid, p_site_id text, p_purpose_id text)
returns table (attribute text, state text, purpose_version int, decided_at timestamptz, expires_at timestamptz)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  return query select c.attribute, c.state, c.purpose_version, c.decided_at, c.expires_at from cell.consents c
  where c.tenant_id = p_tenant and c.subject_id = p_subject_id and c.site_id = p_site_id
    and c.purpose_id = p_purpose_id and c.state in ('granted', 'denied');
end $$;
