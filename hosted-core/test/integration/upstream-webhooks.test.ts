import { createHmac } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aboutUser, deliver } from '../support/fake-logto/fake-logto.ts';
import { recordings } from '../support/fake-logto/recordings.ts';
import { auditActions, Browser, type LogtoCell, signInThere, startLogtoCell } from '../support/logto-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
let logged = '';
beforeAll(async () => {
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  running = await startLogtoCell({ log });
  await running.cell.startJobs();
});
afterAll(() => running.close());

const address = () => `${running.url}/upstream/webhooks`;
const fresh = (fields: Record<string, unknown>) =>
  JSON.stringify({ createdAt: new Date().toISOString(), ...fields, hookId: 'hook' });

async function sessions(subjectId: string): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.account_sessions where subject_id = $1',
    [subjectId],
  );
  return row?.n ?? -1;
}

async function status(subjectId: string): Promise<string | undefined> {
  const [row] = await running.database.admin.query<{ status: string }>(
    'select status from cell.people where subject_id = $1',
    [subjectId],
  );
  return row?.status;
}

async function known(username: string) {
  const user = running.logto.state.addUser(username, {
    primaryEmail: `${username}@example.test`,
    name: 'Sample Person',
  });
  const subjectId = await signInThere(running, new Browser(), username);
  return { user, subjectId };
}

describe('A webhook of Logto', () => {
  it('that suspends a user ends their sessions at once and their access everywhere', async () => {
    const { user, subjectId } = await known('suspended');
    user.isSuspended = true;
    const [answer] = await running.logto.sendWebhook(
      'User.SuspensionStatus.Updated',
      aboutUser(user, '/is-suspended', 'PATCH'),
    );
    expect(answer?.status).toBe(204);
    expect(await sessions(subjectId)).toBe(0);
    await until(async () =>
      running.core.ended.some((one) => one.subjectId === subjectId && one.what === 'access'),
    );
    await until(async () => (await status(subjectId)) === 'restricted');
    user.isSuspended = false;
    await running.logto.sendWebhook(
      'User.SuspensionStatus.Updated',
      aboutUser(user, '/is-suspended', 'PATCH'),
    );
    await until(async () => (await status(subjectId)) === 'active');
  });

  it('about a deleted user erases the person once Logto confirms it', async () => {
    const { user, subjectId } = await known('deleted');
    running.logto.state.users.delete(user.id);
    await running.logto.sendWebhook('User.Deleted', aboutUser(user, '', 'DELETE'));
    await until(async () => (await status(subjectId)) === undefined);
    // The core hears of it after the commit.
    await until(async () => running.core.erased.some((one) => one.subjectId === subjectId));
  });

  it('that claims a deletion which did not happen erases nobody', async () => {
    const { user, subjectId } = await known('not-deleted');
    await running.logto.sendWebhook('User.Deleted', aboutUser(user, '', 'DELETE'));
    expect(await sessions(subjectId)).toBe(0);
    await until(
      async () => running.logto.log.filter((line) => line === `GET /api/users/${user.id}`).length > 0,
    );
    expect(await status(subjectId)).toBe('active');
  });

  it('after a password reset ends sessions here and at the core, also one by an administrator', async () => {
    const { user, subjectId } = await known('forgetful');
    await running.logto.sendWebhook('PostResetPassword', { userId: user.id, user: { id: user.id } });
    expect(await sessions(subjectId)).toBe(0);
    await until(async () =>
      running.core.ended.some((one) => one.subjectId === subjectId && one.what === 'sessions'),
    );
    await signInThere(running, new Browser(), 'forgetful');
    await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '/password', 'PATCH'));
    expect(await sessions(subjectId)).toBe(0);
  });

  it('about changed data takes over what is new, and not what the person wrote themselves', async () => {
    const { user, subjectId } = await known('renamed');
    await running.database.admin.query(
      `update cell.users_pii set source = 'person' where subject_id = $1 and attribute = 'contact:email'`,
      [subjectId],
    );
    const before = await revisions(subjectId);
    user.name = 'Sample Person Renamed';
    user.primaryEmail = 'renamed-anew@example.test';
    await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '', 'PATCH'));
    const after = await until(async () => {
      const now = await revisions(subjectId);
      return now['profile:name'] !== before['profile:name'] && now;
    });
    expect(after['contact:email']).toBe(before['contact:email']);
    const actions = await auditActions(running);
    expect(actions).toContain('profile.refreshed');
    expect(actions).toContain('profile.kept');
  });

  it('takes effect once, however often it is repeated', async () => {
    const { user, subjectId } = await known('repeated');
    const body = fresh({ event: 'PostResetPassword', userId: user.id });
    const key = running.hook.signingKey;
    expect((await deliver(address(), body, key)).status).toBe(204);
    await signInThere(running, new Browser(), 'repeated');
    expect((await deliver(address(), body, key)).status).toBe(204);
    expect(await sessions(subjectId)).toBe(1);
  });

  it.each([
    [
      'a body that was altered',
      (body: string) => body.replace('PostResetPassword', 'User.Data.Updated'),
      undefined,
    ],
    ['another key', (body: string) => body, 'x'.repeat(32)],
    ['no key', (body: string) => body, ''],
  ])('is refused with %s', async (_what, alter, key) => {
    const body = fresh({ event: 'PostResetPassword', userId: 'nobody' });
    const signature = createHmac('sha256', key ?? running.hook.signingKey)
      .update(body)
      .digest('hex');
    const headers = {
      'content-type': 'application/json',
      ...(key !== '' && { 'logto-signature-sha-256': signature }),
    };
    const answer = await fetch(address(), { method: 'POST', headers, body: alter(body) });
    expect(answer.status).toBe(401);
  });

  it.each([-301_000, 301_000])('is refused when it was made %i ms from now', async (ms) => {
    const createdAt = new Date(Date.now() + ms).toISOString();
    const body = fresh({ event: 'PostResetPassword', userId: 'nobody', createdAt });
    expect((await deliver(address(), body, running.hook.signingKey)).status).toBe(400);
  });

  it('of every recorded kind is taken, and none makes a person', async () => {
    const [before] = await running.database.admin.query<{ n: number }>(
      'select count(*)::int as n from cell.people',
    );
    const kinds = new Set<string>();
    for (const { rawBody, event } of recordings().webhooks) {
      kinds.add(event);
      const body = rawBody.replace(/"createdAt":"[^"]+"/, `"createdAt":"${new Date().toISOString()}"`);
      expect([event, (await deliver(address(), body, running.hook.signingKey)).status]).toEqual([event, 204]);
    }
    expect(kinds.size).toBe(28);
    const [after] = await running.database.admin.query<{ n: number }>(
      'select count(*)::int as n from cell.people',
    );
    expect(after?.n).toBe(before?.n);
  });

  it('leaves nothing of its body in the database, the jobs or the log', async () => {
    const { user } = await known('private');
    await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '', 'PATCH'));
    const rows = await running.database.admin.query<{ row: string }>(
      `select row_to_json(j)::text as row from cell_jobs._private_jobs j union all
       select row_to_json(d)::text from cell.upstream_deliveries d union all
       select row_to_json(e)::text from cell.audit_events e`,
    );
    const text = rows.map(({ row }) => row).join('\n') + logged;
    expect(logged).toContain('/upstream/webhooks');
    for (const personal of [user.id, 'private@example.test', 'Sample Person'])
      expect(text).not.toContain(personal);
  });
});

async function revisions(subjectId: string): Promise<Record<string, number>> {
  const rows = await running.database.admin.query<{ attribute: string; row_rev: number }>(
    'select attribute, row_rev from cell.users_pii where subject_id = $1',
    [subjectId],
  );
  return Object.fromEntries(rows.map(({ attribute, row_rev }) => [attribute, row_rev]));
}
