-- What the two halves have alike. These files run once for each half, before its own; `:HALF` is its name.
create schema :HALF;
grant usage on schema :HALF to :HALF_app;

-- Both '' (after a transaction that set it) and null (never set) mean: no tenant, no rows.
create function :HALF.current_tenant() returns text
  language sql stable parallel safe
  return nullif(current_setting('userref.tenant', true), '');

-- Shuts tables to everyone but their tenant, their owner included.
create procedure :HALF.tenant_only(variadic p_tables regclass[])
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_table regclass;
begin
  foreach v_table in array p_tables loop
    execute format('alter table %s enable row level security', v_table);
    execute format('alter table %s force row level security', v_table);
    execute format('create policy tenant_only on %s using (tenant_id = :HALF.current_tenant()) '
      'with check (tenant_id = :HALF.current_tenant())', v_table);
  end loop;
end $$;
revoke all on procedure :HALF.tenant_only from public;
