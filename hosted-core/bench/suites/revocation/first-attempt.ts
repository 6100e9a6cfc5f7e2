import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { timesFigure } from './figure.ts';
import { listen, type Stage } from './stage.ts';

const AT_A_TIME = 4;
const GIVE_UP_MS = 20_000;

/** Many sites, each with an endpoint and one user whose access ends: how soon does each site hear of it? */
export async function firstAttemptFigure(context: SuiteContext, stage: Stage): Promise<Figure> {
  const { sites } = context.pace.revocation;
  context.note(`registering ${sites} sites with endpoints`);
  const arrived = new Map<string, number>();
  const url = await listen(context, (_request, response, body) => {
    const { type, data } = JSON.parse(body) as { type: string; data: { user_ref?: string } };
    if (type === 'access.revoked') arrived.set(data.user_ref ?? '', performance.now());
    response.writeHead(204).end();
  });
  const siteIds = await stage.addSites(sites, 'hear');
  for (const siteId of siteIds) await stage.addEndpoint(siteId, `${url}/${siteId}`);
  const waiting = await stage.addUsers(siteIds);
  const users = [...waiting];
  context.note(`${sites} revocations, ${AT_A_TIME} at a time`);
  const acknowledged = new Map<string, number>();
  const work = async () => {
    for (let user = waiting.pop(); user; user = waiting.pop()) {
      context.signal.throwIfAborted();
      await stage.revoke(user);
      acknowledged.set(user.userRef, performance.now());
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  for (const end = performance.now() + GIVE_UP_MS; arrived.size < users.length && performance.now() < end; )
    await sleep(50);
  const times = users.map(
    ({ userRef }) => (arrived.get(userRef) ?? Number.POSITIVE_INFINITY) - (acknowledged.get(userRef) ?? 0),
  );
  return timesFigure(
    'revoke_to_first_attempt_p99_ms',
    times.map((time) => Math.max(0, time)),
    {
      aim: 1_000,
      meaning:
        'from the acknowledgement of a revocation to the arrival of access.revoked at its site, 99th percentile',
      details: [`${sites} sites, a revocation each; a random wait of at most 250 ms is part of it`],
    },
  );
}
