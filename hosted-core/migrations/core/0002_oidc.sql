-- What the OpenID provider keeps: sessions, requests, codes, tokens, grants, keys.

-- Every artifact is found by the SHA-256 of its secret value: a dump of this table logs nobody in.
create table core.oidc_artifacts (
  tenant_id text not null,
  id_sha256 bytea not null,
  kind text not null,
  payload jsonb not null,
  grant_sha256 bytea,
  session_uid text,
  site_id text,
  subject_id uuid,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  primary key (tenant_id, id_sha256)
);
create index on core.oidc_artifacts (tenant_id, grant_sha256) where grant_sha256 is not null;
create index on core.oidc_artifacts (tenant_id, session_uid) where kind = 'Session';
create index on core.oidc_artifacts (tenant_id, subject_id, site_id) where subject_id is not null;
create index on core.oidc_artifacts (expires_at);

create table core.signing_keys (
  tenant_id text not null references core.tenants,
  kid text not null,
  alg text not null check (alg in ('ES256', 'RS256')),
  -- next: published, not signing yet. active: signs. retired: published until nothing signed with it lives.
  state text not null check (state in ('next', 'active', 'retired')),
  sealed_private_jwk bytea not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, kid)
);
create unique index one_active_signing_key on core.signing_keys (tenant_id, alg) where state = 'active';
create unique index one_next_signing_key on core.signing_keys (tenant_id, alg) where state = 'next';

call core.tenant_only('core.oidc_artifacts', 'core.signing_keys');

grant select, insert, update, delete on core.oidc_artifacts, core.signing_keys to core_app;

-- One round trip brings an artifact with all that its checks need: its grant, its session, the person's
-- standing and their pseudonym at the site.
create function core.find_artifact(p_tenant text, p_id_sha256 bytea, p_session_uid text)
  returns table (
    kind text, payload jsonb, consumed boolean, grant_payload jsonb, session_payload jsonb,
    subject_status text, subject_ref uuid, user_ref text)
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
declare v_id bytea := p_id_sha256;
begin
  perform set_config('userref.tenant', p_tenant, true);
  -- Two look-ups, each by its own index: one condition for both would read the whole table.
  if v_id is null then
    select a.id_sha256 into v_id from core.oidc_artifacts a
    where a.tenant_id = p_tenant and a.session_uid = p_session_uid and a.kind = 'Session' and a.expires_at > now();
    if not found then return; end if;
  end if;
  -- Correlated look-ups on purpose: a cached plan of joins, made while the tables are small, reads all of them.
  return query
  select a.kind, a.payload, a.consumed_at is not null,
    (select g.payload from core.oidc_artifacts g
     where g.tenant_id = p_tenant and g.id_sha256 = a.grant_sha256 and g.kind = 'Grant' and g.expires_at > now()),
    (select s.payload from core.oidc_artifacts s
     where s.tenant_id = p_tenant and s.session_uid = a.session_uid and s.kind = 'Session' and s.expires_at > now()
       and a.kind <> 'Session' limit 1),
    p.status, p.audit_ref,
    (select l.user_ref from core.pairwise_links l
     where l.tenant_id = p_tenant and l.site_id = a.site_id and l.subject_id = a.subject_id)
  from core.oidc_artifacts a
  left join lateral (
    select p.status, p.audit_ref from core.subjects p
    where p.tenant_id = p_tenant and p.subject_id = a.subject_id limit 1) p on true
  where a.tenant_id = p_tenant and a.id_sha256 = v_id and a.expires_at > now();
end $$;

-- All writes of one request, or none. False when something that may be used once was used already;
-- then nothing was written.
-- Nothing is written for a person who is not there (any more). Their row is held until the commit, so an
-- erasure comes either before, and then nothing is written, or after, and then it sees it all.
create function core.write_artifacts(p_tenant text, p_writes jsonb) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  wanted int := coalesce(jsonb_array_length(p_writes -> 'consume'), 0);
  done int := 0;
  people uuid[];
begin
  perform set_config('userref.tenant', p_tenant, true);
  if p_writes ? 'put' then
    people := array(select distinct (w ->> 'subject_id')::uuid from jsonb_array_elements(p_writes -> 'put') w
      where w ->> 'subject_id' is not null);
    perform 1 from core.subjects s where s.tenant_id = p_tenant and s.subject_id = any (people)
    order by s.subject_id for key share;
    get diagnostics done = row_count;
    if done < cardinality(people) then return false; end if;
  end if;
  if wanted > 0 then
    update core.oidc_artifacts set consumed_at = now()
    where tenant_id = p_tenant and consumed_at is null
      and id_sha256 in (select decode(value, 'hex') from jsonb_array_elements_text(p_writes -> 'consume'));
    get diagnostics done = row_count;
    if done < wanted then
      -- Undo what was consumed in this call: the caller acts on the conflict as a whole.
      raise exception using errcode = 'UR001', message = 'already consumed';
    end if;
  end if;
  if p_writes ? 'remove' then
    delete from core.oidc_artifacts
    where tenant_id = p_tenant
      and id_sha256 in (select decode(value, 'hex') from jsonb_array_elements_text(p_writes -> 'remove'));
  end if;
  if p_writes ? 'put' then
    insert into core.oidc_artifacts
      (tenant_id, id_sha256, kind, payload, grant_sha256, session_uid, site_id, subject_id, expires_at)
    select p_tenant, decode(w.id, 'hex'), w.kind, w.payload, decode(w.grant, 'hex'), w.session_uid, w.site_id,
      w.subject_id, to_timestamp(w.exp)
    from jsonb_to_recordset(p_writes -> 'put')
      as w(id text, kind text, payload jsonb, "grant" text, session_uid text, site_id text, subject_id uuid, exp bigint)
    on conflict (tenant_id, id_sha256) do update set
      payload = excluded.payload, grant_sha256 = excluded.grant_sha256, session_uid = excluded.session_uid,
      site_id = excluded.site_id, subject_id = excluded.subject_id, expires_at = excluded.expires_at;
  end if;
  if p_writes ? 'signed_in' then
    update core.pairwise_links l set last_sign_in_at = now()
    from jsonb_to_recordset(p_writes -> 'signed_in') as w(site_id text, subject_id uuid)
    where l.tenant_id = p_tenant and l.site_id = w.site_id and l.subject_id = w.subject_id;
  end if;
  if p_writes ? 'audit' then
    perform core.append_audit(p_writes -> 'audit');
  end if;
  return true;
exception when sqlstate 'UR001' then
  return false;
end $$;

-- The pseudonym of a person at a site, made at their first sign-in there. A racing first sign-in gets the
-- same one; null for a person who is erased while it is being made.
create function core.connect_site(p_tenant text, p_site_id text, p_subject_id uuid, p_candidate text) returns text
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare found_ref text;
begin
  perform set_config('userref.tenant', p_tenant, true);
  insert into core.pairwise_links (tenant_id, site_id, subject_id, user_ref)
  select p_tenant, p_site_id, p_subject_id, p_candidate
  from core.subjects where tenant_id = p_tenant and subject_id = p_subject_id and status = 'active'
  on conflict (tenant_id, site_id, subject_id) do nothing
  returning user_ref into found_ref;
  if found_ref is not null then
    perform core.append_audit(jsonb_build_array(jsonb_build_object(
      'tenant_id', p_tenant, 'action', 'site.connected', 'site_id', p_site_id,
      'subject_ref', (select audit_ref from core.subjects where tenant_id = p_tenant and subject_id = p_subject_id))));
    return found_ref;
  end if;
  select user_ref into found_ref from core.pairwise_links
  where tenant_id = p_tenant and site_id = p_site_id and subject_id = p_subject_id;
  return found_ref;
exception when foreign_key_violation then
  return null;
end $$;

-- What a cell may learn about access tokens: whose each is and where it counts. The one thing that the cell's
-- half may ask of this schema about them, and only from inside its own functions. One row a token, in order;
-- without a site where the token gives nothing here.
--   p_user_refs: where one is given, the token must be the site's own (client credentials); a user_ref that
--                is unknown or belongs to another site gives a row without subject
create function core.introspect_access_tokens(p_tenant text, p_audience text, p_tokens bytea[], p_user_refs text[])
  returns table (site_id text, subject_id uuid, initiate_login_uri text)
  language plpgsql stable security definer rows 16 set search_path = pg_catalog, pg_temp
  -- One plan for every batch: it goes from key to key and never reads a table, however small it is today.
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query
  select found.site_id, found.subject_id, found.initiate_login_uri
  from unnest(p_tokens, p_user_refs) with ordinality as asked(token, user_ref, n)
  left join lateral (
    select a.site_id, whose.subject_id, s.initiate_login_uri
    from (
      select a.kind, a.site_id, a.subject_id, a.grant_sha256 from core.oidc_artifacts a
      where a.tenant_id = p_tenant and a.id_sha256 = asked.token and a.expires_at > now()
        and a.payload ->> 'aud' = p_audience
        and a.kind = case when asked.user_ref is null then 'AccessToken' else 'ClientCredentials' end limit 1
    ) a
    cross join lateral (
      select s.initiate_login_uri from core.sites s
      where s.tenant_id = p_tenant and s.site_id = a.site_id and s.status = 'enabled' limit 1) s
    left join lateral (
      select l.subject_id from core.pairwise_links l
      where a.kind = 'ClientCredentials' and l.tenant_id = p_tenant and l.site_id = a.site_id
        and l.user_ref = asked.user_ref limit 1) l on true
    -- A column of its own: under row level security an expression here would not find the index below.
    cross join lateral (
      select case a.kind when 'AccessToken' then a.subject_id else l.subject_id end as subject_id offset 0) whose
    left join lateral (
      select p.status from core.subjects p
      where p.tenant_id = p_tenant and p.subject_id = whose.subject_id limit 1) p on true
    left join lateral (
      select true as lives from core.oidc_artifacts g
      where a.kind = 'AccessToken' and g.tenant_id = p_tenant and g.id_sha256 = a.grant_sha256
        and g.kind = 'Grant' and g.expires_at > now() limit 1) g on true
    where case a.kind when 'AccessToken' then p.status = 'active' and g.lives
      else whose.subject_id is null or p.status = 'active' end
  ) found on true
  order by asked.n;
end $$;
revoke all on function core.introspect_access_tokens(text, text, bytea[], text[]) from public;

create function core.revoke_grant(p_tenant text, p_grant_sha256 bytea) returns void
  language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
begin
  perform set_config('userref.tenant', p_tenant, true);
  delete from core.oidc_artifacts
  where tenant_id = p_tenant and (grant_sha256 = p_grant_sha256 or (id_sha256 = p_grant_sha256 and kind = 'Grant'));
end $$;

create function core.delete_expired_artifacts(p_tenant text, p_limit int) returns int
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare removed int;
begin
  perform set_config('userref.tenant', p_tenant, true);
  delete from core.oidc_artifacts
  where tenant_id = p_tenant and id_sha256 in (
    select id_sha256 from core.oidc_artifacts
    where tenant_id = p_tenant and expires_at < now()
    order by expires_at limit p_limit for update skip locked);
  get diagnostics removed = row_count;
  return removed;
end $$;
