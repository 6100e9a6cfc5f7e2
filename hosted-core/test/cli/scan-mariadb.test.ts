import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MariaServer, startMariaServer } from '../support/maria-server.ts';
import { runUserref } from '../support/userref-cli.ts';

const work = mkdtempSync(join(tmpdir(), 'userref-scan-'));
const EMAIL = 'odd.canary71@nowhere.example';
const NAME = 'Żorquim Veltraxen';
let server: MariaServer | undefined;
let connection: Connection;

beforeAll(async () => {
  writeFileSync(join(work, 'canaries.json'), JSON.stringify({ email: EMAIL, name: NAME }));
  server = await startMariaServer();
  if (!server) return;
  connection = await createConnection({ uri: server.url, multipleStatements: true });
  await connection.query(`
    create table wp_posts (ID bigint primary key, title varchar(200), body longtext, picture longblob, at datetime);
    create table wp_usermeta (umeta_id bigint primary key, meta_value longtext) character set latin1;
    create table empty_one (x int);
    create view all_posts as select * from wp_posts;
  `);
  for (let row = 1; row <= 700; row += 1) {
    await connection.query('insert into wp_posts values (?, ?, ?, ?, now())', [
      ...[row, `Post ${row}`, 'the quick brown fox '.repeat(20), Buffer.alloc(50, row)],
    ]);
  }
});
afterAll(async () => {
  await connection?.end();
  await server?.stop();
  rmSync(work, { recursive: true, force: true });
});

async function scan(url = server?.url ?? '') {
  const env = { USERREF_SCAN_DATABASE_URL: url };
  const args = ['scan', '--database', '--canaries', 'canaries.json', '--json'];
  const { code, out } = await runUserref(args, { cwd: work, env });
  return { code, ...JSON.parse(out) };
}

describe('a live MariaDB', () => {
  it('is clean as long as it is, and is told which column and row leaked', async ({ skip }) => {
    if (!server) return skip('MariaDB cannot be installed here');
    expect(await scan()).toMatchObject({ code: 0, clean: true, not_read: [] });

    const serialized = `a:1:{s:5:"email";s:${EMAIL.length}:"${EMAIL}";}`;
    await connection.query('insert into wp_usermeta values (9, ?)', [serialized]);
    await connection.query('update wp_posts set body = ? where ID = 650', [JSON.stringify({ to: NAME })]);
    const blob = Buffer.concat([Buffer.alloc(400_000, 1), Buffer.from(NAME), Buffer.alloc(400_000, 2)]);
    await connection.query('update wp_posts set picture = ? where ID = 3', [blob]);
    const { code, findings } = await scan();
    expect(code).toBe(1);
    expect(
      findings.map(
        ({ column, row, kind, forms }: Record<string, unknown>) => `${column} ${row} ${kind} ${forms}`,
      ),
    ).toEqual([
      'wp_posts.picture ID=3 name ',
      'wp_posts.body ID=650 name ',
      'wp_usermeta.meta_value umeta_id=9 email serialized-php',
    ]);
  });

  it('tells of rows that were, where a table keeps them', async ({ skip }) => {
    if (!server) return skip('MariaDB cannot be installed here');
    await connection.query('create table kept (id int primary key, mail text) with system versioning');
    await connection.query('insert into kept values (4, ?)', [EMAIL]);
    await connection.query('delete from kept');
    const { findings } = await scan();
    expect(findings.map(({ column, row }: Record<string, string>) => `${column} ${row}`)).toContain(
      'kept.mail id=4',
    );
  });

  it('joins the columns of a first and a family name, and no two rows', async ({ skip }) => {
    if (!server) return skip('MariaDB cannot be installed here');
    const [first, last] = NAME.split(' ');
    await connection.query('create table customers (id int primary key, first text, last text)');
    await connection.query('insert into customers values (1, ?, ?), (2, null, ?), (3, ?, null)', [
      ...[first, last, first, last],
    ]);
    const { findings } = await scan();
    const here = findings.filter(({ column }: Record<string, string>) => column?.startsWith('customers'));
    expect(here).toMatchObject([{ column: 'customers.last', row: 'id=1', kind: 'name' }]);
  });

  it('is not called clean where no database was named', async ({ skip }) => {
    if (!server) return skip('MariaDB cannot be installed here');
    const url = new URL(server.url);
    url.pathname = '/';
    const env = { USERREF_SCAN_DATABASE_URL: url.href };
    const args = ['scan', '--database', '--canaries', 'canaries.json'];
    const { code, err } = await runUserref(args, { cwd: work, env });
    expect([code, err]).toEqual([2, expect.stringContaining('names no database')]);
  });

  it('that does not answer has its password shown nowhere', async () => {
    for (const url of ['mysql://nobody:hidden-password@127.0.0.1:1/x', 'mysql://a:hidden-password@[/x']) {
      const args = ['scan', '--database', '--canaries', 'canaries.json'];
      const { code, out, err } = await runUserref(args, {
        cwd: work,
        env: { USERREF_SCAN_DATABASE_URL: url },
      });
      expect([code, out, err]).toEqual([2, '', expect.not.stringContaining('hidden-password')]);
    }
  });
});
