import { randomBytes } from 'node:crypto';
import { createSessionStoreTables } from '@userref/sdk-core/stores/sql';
import { type FakeCore, serveFakeCore, sessionCookie } from '@userref/sdk-core/testing';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/database/embedded-postgres.ts';
import type { ExpressWithStoreConfig } from '../../children/express-with-store.ts';
import { freePorts } from '../../children/free-ports.ts';
import { startChild } from '../../children/start-child.ts';
import type { Figure } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { timesFigure } from '../revocation/figure.ts';
import { temporaryFolder } from '../start-core.ts';

/** A webhook ends a session at one process of a site: how soon does another process refuse it? */
export async function elsewhereFigures(context: SuiteContext): Promise<Figure[]> {
  const rounds = context.pace.revocation.revokedUsers;
  const { core, stop } = await serveFakeCore();
  context.defer(stop);
  const { told, other, site } = await startSite(context, core);
  context.note(`revoking ${rounds} sessions at one of two processes`);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    context.signal.throwIfAborted();
    const person = { user_ref: core.person.userRef, sid: `sid-${round}` };
    const { header } = await sessionCookie(site, { sid: person.sid, userRef: person.user_ref });
    const isSignedIn = async () => (await userAt(other, header)) !== null;
    if (!(await isSignedIn())) throw new Error('the other process refuses a session that stands');
    const webhook = await core.webhook({
      type: 'session.revoked',
      data: { ...person, reason: 'signed_out' },
    });
    const startedAt = performance.now();
    await post(`${told}/userref/webhook`, webhook);
    while (await isSignedIn()) context.signal.throwIfAborted();
    times.push(performance.now() - startedAt);
  }
  return [
    timesFigure('revocation_across_processes_p99_ms', times, {
      aim: 1_000,
      meaning:
        'from session.revoked at one Express process of a site until another refuses the session, 99th percentile',
      details: [`${rounds} sessions, one store in PostgreSQL`],
    }),
  ];
}

/** Two processes of one site, with a store that both ask. */
async function startSite(context: SuiteContext, core: FakeCore) {
  const postgres = await startEmbeddedPostgres({ dataDir: temporaryFolder(context) });
  context.defer(() => postgres.stop());
  const pool = new pg.Pool({ connectionString: postgres.adminUrl });
  const database = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  await createSessionStoreTables(database);
  await database.destroy();
  const [tellPort = 0, otherPort = 0] = await freePorts(2);
  const sessionSecret = randomBytes(32).toString('base64url');
  const site = { ...core.options, sessionSecret, baseUrl: `http://localhost:${tellPort}` };
  const start = async (port: number) => {
    const config: ExpressWithStoreConfig = { port, site, databaseUrl: postgres.adminUrl };
    return (await startChild<{ url: string }>(context, { file: 'express-with-store.ts', config })).url;
  };
  return { told: await start(tellPort), other: await start(otherPort), site };
}

async function userAt(url: string, cookie: string): Promise<string | null> {
  const answer = await fetch(url, { headers: { cookie } });
  return ((await answer.json()) as { user: string | null }).user;
}

async function post(url: string, { headers, body }: { headers: Record<string, string>; body: string }) {
  const { ok, status } = await fetch(url, { method: 'POST', headers, body });
  if (!ok) throw new Error(`the webhook was answered by ${status}`);
}
