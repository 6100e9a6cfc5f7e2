-- What sign-in and reconciliation at the sign-in service need more.

-- A hint that was not needed goes when the interaction ends, as one that was used went before.
create or replace function cell.finish_interaction(
  p_tenant text, p_hash bytea, p_browser_hash bytea, p_outcome jsonb, p_code_hash bytea, p_now timestamptz, p_audit jsonb
) returns text language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_first boolean;
begin
  perform set_config('userref.tenant', p_tenant, true);
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
