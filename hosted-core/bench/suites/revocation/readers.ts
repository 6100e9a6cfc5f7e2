import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../../client/http-client.ts';
import type { Figure } from '../../figures.ts';
import { quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { countFigure, timesFigure } from './figure.ts';
import type { Stage, User } from './stage.ts';

/** A revocation stands in line behind a thousand reads like everybody else; several at a time keep this short. */
const REVOKERS = 16;

/** Readers who never stop, while everybody’s access is revoked. */
export async function readersFigures(context: SuiteContext, stage: Stage): Promise<Figure[]> {
  const { readers, revokedUsers } = context.pace.revocation;
  context.note(`${readers} readers at a time, ${revokedUsers} revocations among them`);
  const [siteId = ''] = await stage.addSites(1, 'read');
  const users = await stage.addUsers(Array.from({ length: revokedUsers }, () => siteId));
  const http = new HttpClient(stage.core.cell, readers);
  context.defer(() => http.close());
  const acknowledged = new Map<User, number>();
  let isOver = false;
  let reads = 0;
  let late = 0;
  const reader = async (index: number) => {
    for (let turn = index; !isOver; turn += 1) {
      context.signal.throwIfAborted();
      const user = users[turn % users.length] as User;
      const sentAt = performance.now();
      const { status } = await http.send({
        path: stage.readPath,
        headers: { authorization: `Bearer ${user.accessToken}` },
      });
      if (status !== 200) continue;
      reads += 1;
      if (sentAt > (acknowledged.get(user) ?? Number.POSITIVE_INFINITY)) late += 1;
    }
  };
  const all = Promise.all(Array.from({ length: readers }, (_, index) => reader(index)));
  await sleep(1_000);
  const waiting = [...users];
  const revoker = async () => {
    for (let user = waiting.pop(); user; user = waiting.pop()) {
      await stage.revoke(user);
      acknowledged.set(user, performance.now());
    }
  };
  await Promise.all(Array.from({ length: REVOKERS }, revoker));
  await sleep(1_000);
  isOver = true;
  await all;
  const unwritten = reads - (await auditedReads(stage, siteId));
  return [
    countFigure('reads_after_revoke', late + Math.max(0, unwritten), {
      aim: 0,
      meaning:
        'reads answered with values that were sent after the revocation was acknowledged, or were not written down',
      details: [
        `${readers} readers at a time, ${users.length} revocations, ${reads} reads were answered with values`,
      ],
    }),
    await deniedFigure(context, stage),
  ];
}

async function auditedReads(stage: Stage, siteId: string): Promise<number> {
  const rows = await stage.admin.query<{ n: number }>(
    `select count(*)::int as n from cell.audit_events where action = 'attributes.released' and site_id = $1`,
    [siteId],
  );
  return rows[0]?.n ?? 0;
}

/** From the moment at which the site asks, to the first read that is refused. One after the other. */
async function deniedFigure(context: SuiteContext, stage: Stage): Promise<Figure> {
  const { deniedRounds } = context.pace.revocation;
  context.note(`${deniedRounds} revocations, one at a time, with a reader who asks all the while`);
  const [siteId = ''] = await stage.addSites(1, 'deny');
  const users = await stage.addUsers(Array.from({ length: deniedRounds }, () => siteId));
  const http = new HttpClient(stage.core.cell, 4);
  context.defer(() => http.close());
  const times: number[] = [];
  for (const { accessToken, ...user } of users) {
    context.signal.throwIfAborted();
    const read = () =>
      http.send({ path: stage.readPath, headers: { authorization: `Bearer ${accessToken}` } });
    if ((await read()).status !== 200) throw new Error('a live token was refused');
    const askedAt = performance.now();
    const revoked = stage.revoke({ ...user, accessToken });
    while ((await read()).status === 200);
    times.push(performance.now() - askedAt);
    await revoked;
  }
  return timesFigure('revoke_to_denied_p99_ms', times, {
    aim: 100,
    meaning: 'from asking to revoke until the first refused read, 99th percentile',
    details: [`${times.length} revocations; median ${Math.round(quantile(times, 0.5))} ms`],
  });
}
