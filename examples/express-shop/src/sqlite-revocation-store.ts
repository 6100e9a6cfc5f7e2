import type { DatabaseSync } from 'node:sqlite';
import type { SessionStore } from '@userref/sdk-express';

/**
 * Remembers ended sessions and seen webhooks in the shop's own database, so that a restart brings nobody back.
 * One file serves every process of the shop on this machine. Times are Unix seconds; `clock` (default: the
 * system's) only decides what may be forgotten.
 */
export function sqliteRevocationStore(
  database: DatabaseSync,
  { clock = () => new Date() }: { clock?: () => Date } = {},
): SessionStore {
  const saveSession = database.prepare(
    `insert into revoked_sessions (sid, revoked_at, keep_until) values (?, ?, ?)
     on conflict (sid) do update set revoked_at = max(revoked_at, excluded.revoked_at),
       keep_until = max(keep_until, excluded.keep_until)`,
  );
  const saveUser = database.prepare(
    `insert into revoked_users (user_ref, revoked_at, keep_until) values (?, ?, ?)
     on conflict (user_ref) do update set revoked_at = max(revoked_at, excluded.revoked_at),
       keep_until = max(keep_until, excluded.keep_until)`,
  );
  const find = database.prepare(
    `select exists (select 1 from revoked_sessions where sid = ? and revoked_at >= ?)
         or exists (select 1 from revoked_users where user_ref = ? and revoked_at >= ?) as revoked`,
  );
  const remember = database.prepare('insert or ignore into seen_webhooks (id, keep_until) values (?, ?)');
  const forget = ['revoked_sessions', 'revoked_users', 'seen_webhooks'].map((table) =>
    database.prepare(`delete from ${table} where keep_until < ?`),
  );
  const forgetOld = () => {
    const now = Math.floor(clock().getTime() / 1000);
    for (const statement of forget) statement.run(now);
  };

  return {
    async revokeSession(sid, until, issuedUntil = until) {
      forgetOld();
      saveSession.run(sid, issuedUntil, until);
    },
    async revokeUser(userRef, revokedAt, until) {
      forgetOld();
      saveUser.run(userRef, revokedAt, until);
    },
    async isRevoked({ sid, userRef, issuedAt }) {
      return find.get(sid, issuedAt, userRef, issuedAt)?.['revoked'] === 1;
    },
    async rememberWebhook(id, until) {
      forgetOld();
      return remember.run(id, until).changes === 1;
    },
  };
}
