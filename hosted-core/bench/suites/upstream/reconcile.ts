import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashesOf, profileHash, profileOf } from '../../../src/cell/upstream/accounts/imported-values.ts';
import { UpstreamSecrets } from '../../../src/cell/upstream/accounts/upstream-secrets.ts';
import { readUser } from '../../../src/cell/upstream/management/logto-user.ts';
import { openVault } from '../../../src/cell/vault/open-vault.ts';
import { Database } from '../../../src/database/database.ts';
import { SecretBox } from '../../../src/secrets/secret-box.ts';
import type { Figure, FigureDefinition } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { peakMegabytes } from './process-figures.ts';
import type { Stage } from './stage.ts';

const TENANT = 'default';
const BATCH = 2_000;
const CHANGED = 20;

/** One whole round over all users: almost all as they were, a few suspended or renamed. */
export async function reconcileFigures(context: SuiteContext, stage: Stage): Promise<Figure[]> {
  const { users } = context.pace.upstream;
  const urls = await stage.database('reconcile');
  const registered = await stage.register();
  context.note(`making ${users} people`);
  await makePeople(stage, { databaseUrl: urls.cellUrl, issuer: registered.upstream.issuer, users });
  const made = [...stage.logto.state.users.values()].filter(({ username }) => username?.startsWith('user-'));
  const some = made.slice(0, CHANGED * 2);
  for (const user of some.slice(0, CHANGED)) user.isSuspended = true;
  for (const user of some.slice(CHANGED)) user.name = 'Sample Person Renamed';
  stage.logto.log.length = 0;
  context.note('one round of reconciliation');
  const management = {
    ...stage.logto.bootstrap,
    ...({ onDeleted: 'erase', reconcileEverySeconds: 86_400, requestsPerSecond: 1_000 } as const),
  };
  const cell = await stage.startCell({
    ...{ databaseUrl: urls.cellUrl, jobs: true, port: registered.port },
    upstream: { ...registered.upstream, management },
  });
  const round = await finishedRound(context, urls.adminUrl);
  if (round.users < users || round.suspended !== CHANGED || round.changed !== CHANGED)
    throw new Error(`the round found ${JSON.stringify(round)}`);
  const requests = await requestsOf(context, stage);
  const details = [`${users} users, ${CHANGED} suspended, ${CHANGED} renamed; without a limit of requests`];
  return [
    figure(
      {
        name: named('reconcile_100k_users_seconds', users),
        unit: 'seconds',
        meaning: 'one round, as the round itself notes it',
      },
      round.seconds,
      details,
    ),
    figure(
      {
        name: named('reconcile_requests', users),
        unit: 'count',
        meaning: 'requests to the Management API for one round, with the look-ups of what changed',
      },
      requests,
      details,
    ),
    figure(
      {
        name: named('reconcile_peak_mb', users),
        unit: 'megabytes',
        meaning: 'most memory of the cell’s process while it reconciled',
      },
      peakMegabytes(cell.pid),
      details,
    ),
  ];
}

/** A short look is not called by the name of the whole. */
function named(name: string, users: number): string {
  return users === 100_000 ? name : `${name}_of_${users}`;
}

function figure(definition: FigureDefinition, value: number, details: readonly string[]): Figure {
  const ours = { name: definition.name, p50: value, p99: value };
  return { definition, ...{ value, low: value, high: value, ours, details } };
}

/** All requests of the round, once what it found has been looked up one by one. */
async function requestsOf(context: SuiteContext, { logto }: Stage): Promise<number> {
  const lookUps = () => logto.log.filter((line) => line.startsWith('GET /api/users/')).length;
  while (lookUps() < CHANGED) {
    context.signal.throwIfAborted();
    await sleep(100);
  }
  return logto.log.filter((line) => / \/(api|oidc\/token)/.test(line)).length;
}

async function finishedRound(context: SuiteContext, adminUrl: string) {
  const admin = new Database({ connectionString: adminUrl, applicationName: 'bench', maxConnections: 1 });
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const [round] = await admin.query<{
        users: number;
        suspended: number;
        changed: number;
        seconds: number;
      }>(
        `select users, suspended, changed, extract(epoch from finished_at - started_at)::float8 as seconds
         from cell.upstream_rounds where finished_at is not null`,
      );
      if (round) return round;
      await sleep(250);
    }
  } finally {
    await admin.close();
  }
}

/** As they would be after a sign-in each, without the sign-ins. */
async function makePeople(
  { logto, keyFile, upstreamKey }: Stage,
  { databaseUrl, issuer, users }: { databaseUrl: string; issuer: string; users: number },
): Promise<void> {
  const database = new Database({
    connectionString: databaseUrl,
    applicationName: 'bench',
    maxConnections: 4,
  });
  const keyService = { address: { scheme: 'file', path: keyFile } } as const;
  const opened = await openVault({ database, region: 'local', keyService });
  const secrets = new UpstreamSecrets(new SecretBox(Buffer.from(upstreamKey, 'hex')), TENANT);
  for (let made = 0; made < users; made += BATCH) {
    const rows: Record<string, unknown>[] = [];
    for (let index = made; index < Math.min(users, made + BATCH); index += 1) {
      const user = logto.state.addUser(`user-${index}`, {
        name: 'Sample Person',
        primaryEmail: `user-${index}@example.test`,
      });
      const [subjectId, accountRef] = [randomUUID(), randomUUID()];
      const person = { tenantId: TENANT, subjectId };
      const { claims } = readUser(user);
      const [index_] = await opened.vault.blindIndexes({
        tenantId: TENANT,
        field: 'upstream',
        value: [issuer, user.id],
      });
      rows.push({
        ...{
          subject: subjectId,
          account: accountRef,
          version: index_?.version,
          hmac: index_?.hmac.toString('hex'),
        },
        sub: secrets.sealSub(accountRef, user.id).toString('hex'),
        imported: await hashesOf(opened.vault, person, profileOf(opened.vault, claims)),
        profile: await profileHash(opened.vault, person, { claims }),
      });
    }
    await database.inTenant(TENANT, (tx) => tx.query(INSERT, [TENANT, JSON.stringify(rows)]));
  }
  await opened.keyService.close();
  await database.close();
}

const INSERT = `with given as (
    select * from json_to_recordset($2::json) as t(subject uuid, account uuid, version int, hmac text, sub text, imported jsonb, profile text)
  ), people as (
    insert into cell.people (tenant_id, subject_id) select $1, subject from given
  ), identifiers as (
    insert into cell.identifiers (tenant_id, kind, index_version, index_hmac, subject_id)
    select $1, 'upstream', version, decode(hmac, 'hex'), subject from given
  )
  insert into cell.upstream_accounts (tenant_id, subject_id, account_ref, sealed_sub, imported, profile_hash, checked_at,
    linked_at)
  select $1, subject, account, decode(sub, 'hex'), imported, profile, now(), now() - interval '1 day' from given`;
