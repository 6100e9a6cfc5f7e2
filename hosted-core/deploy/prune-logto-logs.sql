-- Logto keeps its audit log for ever, with network addresses, and e-mail addresses within records of webhooks, also of
-- users who were deleted. Run daily in Logto's database:
--   psql "$LOGTO_DB_URL" -v keep_days=30 -f prune-logto-logs.sql
-- Of deleted users everything goes at once; of the others what is older than `keep_days`.
\set ON_ERROR_STOP on
begin;
delete from logs where created_at < now() - make_interval(days => :keep_days);
delete from logs l
where l.payload ->> 'userId' is not null
  and not exists (select 1 from users u where u.tenant_id = l.tenant_id and u.id = l.payload ->> 'userId');
-- Records of deliveries hold whole webhook bodies under the hook, not under the user.
delete from logs where key like 'TriggerHook.%' and created_at < now() - interval '1 day';
commit;
