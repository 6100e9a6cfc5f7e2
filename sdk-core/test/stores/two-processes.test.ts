import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createUserref } from '../../src/index.ts';
import { FakeCore, type TestEvent } from '../../testing/index.ts';
import { openStore } from '../support/open-store.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { startRedisServer } from '../support/redis-server.ts';
import { SESSION_SECRET, signedIn } from '../support/site.ts';

const script = fileURLToPath(new URL('../support/site-process.ts', import.meta.url));
const redis = await startRedisServer();
const postgres = await startPostgresServer();
const servers = [{ kind: 'PostgreSQL', ...postgres }, ...(redis ? [{ kind: 'Redis', ...redis }] : [])];
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill();
  await Promise.all(servers.map(({ stop }) => stop()));
});

/** Another process of the same site; asks it whose session a cookie is. */
async function otherProcess(storeUrl: string) {
  const execArgv = ['--conditions=@userref/source', '--disable-warning=ExperimentalWarning'];
  const child = fork(script, [storeUrl], { execArgv });
  children.push(child);
  await once(child, 'message');
  return async (cookieHeader: string): Promise<{ userRef: string | null }> => {
    child.send(cookieHeader);
    const [answer] = await once(child, 'message');
    return answer;
  };
}

describe.each(servers)('two processes with one store in $kind', ({ url }) => {
  it.each<[string, (core: FakeCore) => TestEvent]>([
    [
      'a session is revoked',
      ({ person }) => ({ type: 'session.revoked', data: dataOf(person, { sid: person.sid }) }),
    ],
    ['a user is revoked', ({ person }) => ({ type: 'access.revoked', data: dataOf(person) })],
  ])('both know at the next request when %s by a webhook to one of them', async (_, eventOf) => {
    const { store, close } = await openStore(url);
    const core = new FakeCore();
    core.person.sid = `sid-${crypto.randomUUID()}`;
    core.person.userRef = `ppid_${'abcdefghijklmnopqrstuvwxyz'
      .split('')
      .sort(() => Math.random() - 0.5)
      .join('')}`;
    const userref = createUserref({
      ...core.options,
      baseUrl: 'https://shop.example',
      sessionSecret: SESSION_SECRET,
      revocations: store,
      fetch: core.fetch,
    });
    const ask = await otherProcess(url);
    const { header } = await signedIn(userref, core);
    expect(await ask(header)).toEqual({ userRef: core.person.userRef });

    const webhook = await core.webhook(eventOf(core));
    await userref.handleWebhook(webhook);
    expect(await ask(header)).toEqual({ userRef: null });
    expect(await userref.readSession(header)).toBeNull();
    await close();
  });
});

function dataOf({ userRef }: FakeCore['person'], more: object = {}): Record<string, unknown> {
  return { user_ref: userRef, reason: 'signed_out', ...more };
}
