import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeUser } from '../support/fake-logto/fake-logto.ts';
import { aboutUser } from '../support/fake-logto/fake-logto.ts';
import {
  Browser,
  type LogtoCell,
  nextRound,
  signInThere,
  startReconciledCell,
} from '../support/logto-cell.ts';
import { until } from '../support/until.ts';

let running: LogtoCell;
beforeAll(async () => {
  running = await startReconciledCell();
});
afterAll(() => running.close());

async function known(username: string): Promise<{ user: FakeUser; subjectId: string }> {
  const user = running.logto.state.addUser(username, { name: 'Sample Person' });
  const subjectId = await signInThere(running, new Browser(), username);
  await nextRound(running);
  return { user, subjectId };
}

async function sessions(subjectId: string): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.account_sessions where subject_id = $1',
    [subjectId],
  );
  return row?.n ?? -1;
}

async function missed(subjectId: string): Promise<string[]> {
  const rows = await running.database.admin.query<{ change: string }>(
    `select e.data ->> 'change' as change from cell.audit_events e
     join cell.people p on p.audit_ref::text = e.subject_ref::text
     where p.subject_id = $1 and e.action = 'upstream.change_missed' order by e.entry_id`,
    [subjectId],
  );
  return rows.map(({ change }) => change);
}

/** As when the key was rotated there, and is not known here yet: every delivery is refused. */
async function undeliverably(send: () => Promise<unknown>): Promise<void> {
  const { hook } = running;
  const right = hook.signingKey;
  hook.signingKey = 'x'.repeat(32);
  await send();
  hook.signingKey = right;
}

const reset = (user: FakeUser) =>
  running.logto.sendWebhook('PostResetPassword', { userId: user.id, user: { id: user.id } });

describe('A password reset whose event could not be delivered', () => {
  it('ends sessions at the next round, here and at the core, once', async () => {
    const { user, subjectId } = await known('unlucky');
    await undeliverably(() => reset(user));
    expect(await sessions(subjectId)).toBe(1);
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(0);
    expect(running.core.ended.some((one) => one.subjectId === subjectId && one.what === 'sessions')).toBe(
      true,
    );
    expect(await missed(subjectId)).toEqual(['password_reset']);
    await signInThere(running, new Browser(), 'unlucky');
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(1);
    expect(await missed(subjectId)).toEqual(['password_reset']);
  });

  it('is found behind a page of other deliveries', async () => {
    const { user, subjectId } = await known('buried');
    await undeliverably(async () => {
      await reset(user);
      for (let index = 0; index < 130; index += 1)
        await running.logto.sendWebhook('User.Data.Updated', { data: { id: `nobody${index}` } });
    });
    await nextRound(running);
    expect(await missed(subjectId)).toEqual(['password_reset']);
  });

  it('that was delivered is not followed again', async () => {
    const { user, subjectId } = await known('lucky');
    await reset(user);
    expect(await sessions(subjectId)).toBe(0);
    await signInThere(running, new Browser(), 'lucky');
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(1);
    expect(await missed(subjectId)).toEqual([]);
  });
});

describe('A change that Logto never told of', () => {
  it('ends sessions when neither a sign-in nor the profile explains it', async () => {
    const { user, subjectId } = await known('silent');
    user.updatedAt = Date.now() + 5_000;
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(0);
    expect(await missed(subjectId)).toEqual(['unexplained']);
    await signInThere(running, new Browser(), 'silent');
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(1);
  });

  it.each([
    [
      'a sign-in',
      async (user: FakeUser) => {
        user.updatedAt = Date.now() + 5_000;
        user.lastSignInAt = user.updatedAt - 15;
      },
    ],
    [
      'a change of the profile',
      async (user: FakeUser) => {
        user.updatedAt = Date.now() + 5_000;
        user.name = 'Sample Person Renamed';
      },
    ],
    [
      'an event that came',
      async (user: FakeUser) => {
        user.updatedAt = Date.now() + 5_000;
        const looked = `GET /api/users/${user.id}`;
        const before = running.logto.log.filter((line) => line === looked).length;
        await running.logto.sendWebhook('User.Data.Updated', aboutUser(user, '/custom-data', 'PATCH'));
        await until(async () => running.logto.log.filter((line) => line === looked).length > before);
        await new Promise((done) => setTimeout(done, 200));
      },
    ],
  ])('ends nothing when %s explains it', async (what, change) => {
    const { user, subjectId } = await known(what.replaceAll(' ', '-'));
    await change(user);
    await nextRound(running);
    expect(await sessions(subjectId)).toBe(1);
    expect(await missed(subjectId)).not.toContain('unexplained');
  });
});

describe('A Logto without a record of deliveries', () => {
  it('is compared all the same', async () => {
    running.logto.faults.answer = ({ url }) =>
      url.pathname.endsWith('/recent-logs')
        ? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' }
        : undefined;
    const { subjectId } = await known('older');
    await nextRound(running);
    running.logto.faults.answer = undefined;
    expect(await sessions(subjectId)).toBe(1);
  });
});
