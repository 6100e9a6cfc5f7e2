-- Logto keeps its audit log for ever, with network addresses, and e-mail addresses within records of webhooks, also of
-- users who were deleted. Run daily in Logto's database:
--   psql "$LOGTO_DB_URL" -v keep_days=30 -f prune-logto-logs.sql
-- Of deleted users everything goes at once; of the others what is older than `keep_days`, 30 if it is not given.
--
-- The Management API of Logto 1.42 shows an entry as tenantId, id, key, payload (with userId) and createdAt, and the body
-- of a webhook under the key TriggerHook.…; that was observed. That the tables `logs` and `users` have these names, and
-- their columns the same in snake case, is Logto's convention and was not observed: what is not there stops the script
-- before anything is deleted.
\set ON_ERROR_STOP on
\if :{?keep_days}
\else
\set keep_days 30
\endif
begin;
do $$
begin
  if (select count(*) from information_schema.columns c
      join (values ('logs', 'tenant_id'), ('logs', 'key'), ('logs', 'payload'), ('logs', 'created_at'),
        ('users', 'tenant_id'), ('users', 'id')) as needed(tab, col) on c.table_name = tab and c.column_name = col
      where c.table_schema = current_schema()) <> 6 then
    raise exception 'This Logto keeps its log in another way: nothing was deleted.';
  end if;
end $$;
delete from logs where created_at < now() - make_interval(days => :keep_days);
delete from logs l
where l.payload ->> 'userId' is not null
  and not exists (select 1 from users u where u.tenant_id = l.tenant_id and u.id = l.payload ->> 'userId');
-- Records of deliveries hold whole webhook bodies under the hook; whom one is about stands in three places.
delete from logs l
where l.key like 'TriggerHook.%' and exists (
  select 1 from (select coalesce(l.payload #>> '{hookRequest,body,params,userId}',
    l.payload #>> '{hookRequest,body,data,id}', l.payload #>> '{hookRequest,body,userId}') as id) about
  where about.id is not null
    and not exists (select 1 from users u where u.tenant_id = l.tenant_id and u.id = about.id));
delete from logs where key like 'TriggerHook.%' and created_at < now() - interval '1 day';
commit;
