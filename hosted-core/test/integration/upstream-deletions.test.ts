import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  Browser,
  finishedRounds,
  type LogtoCell,
  nextRound,
  signInThere,
  startLogtoCell,
} from '../support/logto-cell.ts';
import { until } from '../support/until.ts';
import { runCli } from '../support/upstream-cli.ts';

const NAMES = Array.from({ length: 14 }, (_, index) => `person-${index}`);

let running: LogtoCell;
let folder: string;
let config: string;
beforeAll(async () => {
  running = await startLogtoCell();
  for (const name of NAMES) {
    running.logto.state.addUser(name);
    await signInThere(running, new Browser(), name);
  }
  await running.cell.startJobs();
  await until(async () => (await finishedRounds(running)) > 0);
  folder = mkdtempSync(join(tmpdir(), 'userref-deletions-'));
  config = join(folder, 'core.env');
  writeFileSync(
    config,
    Object.entries({
      ...{ NODE_ENV: 'test', USERREF_CORE_URL: 'http://localhost:9', USERREF_CELL_URL: running.url },
      USERREF_CORE_DATABASE_URL: running.database.coreUrl,
      USERREF_CELL_DATABASE_URL: running.database.cellUrl,
      USERREF_CORE_SECRET_FILE: join(folder, 'core.secret'),
      USERREF_KMS: `file:${join(running.folder, 'vault.key')}`,
      USERREF_UPSTREAM_ISSUER: running.logto.issuer,
      USERREF_UPSTREAM_CLIENT_ID: running.application.id,
      USERREF_UPSTREAM_CLIENT_SECRET: running.clientSecret,
    })
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

const upstream = (...args: string[]) => runCli(['--config', config, 'upstream', ...args]);

async function people(): Promise<number> {
  const [row] = await running.database.admin.query<{ n: number }>(
    'select count(*)::int as n from cell.people',
  );
  return row?.n ?? -1;
}

it('Deletions that were held are followed once the operator agrees to so many, and to no more', async () => {
  const nothing = await upstream('accept-deletions', '--up-to', '5');
  expect([nothing.code, nothing.output]).toEqual([1, expect.stringContaining('Nothing is held')]);

  const users = [...running.logto.state.users.values()];
  const gone = users.slice(0, 12);
  for (const { id } of gone) running.logto.state.users.delete(id);
  await nextRound(running);
  expect(await people()).toBe(NAMES.length);
  const status = await upstream('status');
  expect(status.output).toContain('userref-core upstream accept-deletions --up-to 12');
  expect(JSON.parse((await upstream('status', '--json')).output).last).toMatchObject({
    ...{ held: true, missing: 12, deleted: 0 },
  });

  const tooFew = await upstream('accept-deletions', '--up-to', '11');
  expect([tooFew.code, tooFew.output]).toEqual([1, expect.stringContaining('missed 12 accounts')]);

  // One more is missing by the time the round runs: held again.
  const [back, another] = users.slice(12);
  if (another) running.logto.state.users.delete(another.id);
  const before = await finishedRounds(running);
  expect((await upstream('accept-deletions', '--up-to', '12', '--json')).code).toBe(0);
  await until(async () => (await finishedRounds(running)) > before);
  expect(await people()).toBe(NAMES.length);

  if (another) running.logto.state.users.set(another.id, another);
  await nextRound(running);
  expect((await upstream('accept-deletions', '--up-to', '12')).code).toBe(0);
  await until(async () => (await people()) === 2);
  expect(back && running.logto.state.users.has(back.id)).toBe(true);
});
