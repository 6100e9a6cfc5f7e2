import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const SCRIPT = readFileSync(
  fileURLToPath(new URL('../../deploy/prune-logto-logs.sql', import.meta.url)),
  'utf8',
);
/** As psql would send it. */
const STATEMENTS = SCRIPT.split('\n')
  .filter((line) => !line.startsWith('\\'))
  .join('\n')
  .replaceAll(':keep_days', '30');

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** In the shape in which the Management API shows them. */
async function makeLog(entries: readonly { key: string; payload: object; days: number }[]): Promise<void> {
  await database.admin.query(`create table users (tenant_id text, id text, name text)`);
  await database.admin.query(
    `create table logs (tenant_id text, id text, key text, payload jsonb, created_at timestamptz)`,
  );
  await database.admin.query(`insert into users values ('default', 'still-here', 'Sample Person')`);
  for (const [index, { key, payload, days }] of entries.entries())
    await database.admin.query(
      `insert into logs values ('default', $1, $2, $3, now() - make_interval(days => $4))`,
      [String(index), key, JSON.stringify(payload), days],
    );
}

const delivery = (body: object) => ({ key: 'TriggerHook.User.Deleted', hookRequest: { body } });

it('The script for Logto’s log deletes all of deleted users, and the rest in time', async () => {
  await makeLog([
    { key: 'ExchangeTokenBy.RefreshToken', payload: { userId: 'still-here' }, days: 1 },
    { key: 'ExchangeTokenBy.RefreshToken', payload: { userId: 'still-here' }, days: 31 },
    { key: 'Interaction.SignIn.Submit', payload: { userId: 'gone' }, days: 0 },
    { key: 'Interaction.SignIn.Create', payload: { ip: '::1' }, days: 2 },
    { key: 'TriggerHook.User.Deleted', payload: delivery({ params: { userId: 'gone' } }), days: 0 },
    { key: 'TriggerHook.PostSignIn', payload: delivery({ userId: 'gone' }), days: 0 },
    { key: 'TriggerHook.User.Created', payload: delivery({ data: { id: 'gone' } }), days: 0 },
    { key: 'TriggerHook.User.Data.Updated', payload: delivery({ data: { id: 'still-here' } }), days: 0 },
    { key: 'TriggerHook.User.Data.Updated', payload: delivery({ data: { id: 'still-here' } }), days: 2 },
    { key: 'TriggerHook.Role.Created', payload: delivery({ data: { name: 'x' } }), days: 0 },
  ]);
  await database.admin.query(STATEMENTS);
  const left = await database.admin.query<{ id: string }>('select id from logs order by id');
  expect(left.map(({ id }) => id)).toEqual(['0', '3', '7', '9']);
  expect(await database.admin.query('select 1 from users')).toHaveLength(1);
});

it('The script for Logto’s log deletes nothing where the tables are others', async () => {
  await makeLog([{ key: 'Interaction.SignIn.Submit', payload: { userId: 'gone' }, days: 90 }]);
  await database.admin.query('alter table users rename column id to user_id');
  await expect(database.admin.query(STATEMENTS)).rejects.toThrow('nothing was deleted');
  expect(await database.admin.query('select 1 from logs')).toHaveLength(1);
});
