import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createUserref } from '@userref/sdk-core';
import { FakeCore, sessionCookie } from '@userref/sdk-core/testing';
import { openStore } from '../../../../sdk-core/test/support/open-store.ts';
import { startPostgresServer } from '../../../../sdk-core/test/support/postgres-server.ts';
import type { Figure } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { timesFigure } from '../revocation/figure.ts';

/** The other process seals and opens with the same one. */
const SESSION_SECRET = 'a session secret with more than 32 characters';
const SITE_PROCESS = fileURLToPath(
  new URL('../../../../sdk-core/test/support/site-process.ts', import.meta.url),
);

/** A webhook ends a session at one process of a site: how soon does another process refuse it? */
export async function elsewhereFigures(context: SuiteContext): Promise<Figure[]> {
  const rounds = context.pace.revocation.revokedUsers;
  context.note(`revoking ${rounds} sessions at one of two processes`);
  const postgres = await startPostgresServer();
  context.defer(() => postgres.stop());
  const { store, close } = await openStore(postgres.url);
  context.defer(close);
  const core = new FakeCore();
  const site = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: SESSION_SECRET };
  const userref = createUserref({ ...site, revocations: store, fetch: core.fetch });
  const ask = await startOther(context, postgres.url);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    context.signal.throwIfAborted();
    const sid = `sid-${round}`;
    const { header } = await sessionCookie(site, { sid, userRef: core.person.userRef });
    if ((await ask(header)).userRef === null)
      throw new Error('the other process refused a session that stands');
    const data = { user_ref: core.person.userRef, sid, reason: 'signed_out' };
    const webhook = await core.webhook({ type: 'session.revoked', data });
    const startedAt = performance.now();
    await userref.handleWebhook(webhook);
    while ((await ask(header)).userRef !== null) context.signal.throwIfAborted();
    times.push(performance.now() - startedAt);
  }
  return [
    timesFigure('revocation_across_processes_p99_ms', times, {
      aim: 1_000,
      meaning:
        'from session.revoked arriving at one process of a site until another refuses the session, 99th percentile',
      details: [`${rounds} sessions, one store in PostgreSQL`],
    }),
  ];
}

/** The other process. @returns whose session it takes a cookie for */
async function startOther(context: SuiteContext, storeUrl: string) {
  const execArgv = ['--conditions=@userref/source', '--disable-warning=ExperimentalWarning'];
  const child: ChildProcess = fork(SITE_PROCESS, [storeUrl], { execArgv, stdio: ['ignore', 2, 2, 'ipc'] });
  context.defer(async () => {
    child.disconnect();
    await once(child, 'exit');
  });
  await once(child, 'message');
  return async (cookieHeader: string): Promise<{ userRef: string | null }> => {
    child.send(cookieHeader);
    const [answer] = await once(child, 'message');
    return answer;
  };
}
