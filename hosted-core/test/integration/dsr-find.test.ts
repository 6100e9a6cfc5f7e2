import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addPerson,
  auditRows,
  type CellFixture,
  connect,
  createCellFixture,
  store,
} from '../support/cell-fixture.ts';
import { type CoreCli, coreCli } from '../support/core-cli.ts';

const ADDRESS = 'amber.canary@mail.example';

let fixture: CellFixture;
let cli: CoreCli;
let userRefs: string[];
beforeAll(async () => {
  fixture = await createCellFixture();
  cli = coreCli(fixture);
  const person = await addPerson(fixture.admin);
  await store(fixture, person, { 'contact:email': ADDRESS, 'contact:phone': '+3725550001' });
  userRefs = [await connect(fixture.admin, person, 'shop-a'), await connect(fixture.admin, person, 'shop-b')];
  await store(fixture, await addPerson(fixture.admin), { 'contact:email': 'nobody.else@mail.example' });
});
afterAll(async () => {
  await fixture.drop();
  cli.remove();
});

/** As an operator does, with the value on standard input. */
const find = (input: string, ...args: string[]) =>
  cli.run(['dsr', 'find', '--field', 'email', '--operator', 'operator-1', ...args], {
    input: `${input}\n`,
    settings: { USERREF_KMS: `file:${fixture.keyFile}`, USERREF_LOOKUP_OPERATORS: 'operator-0, operator-1' },
  });

describe('userref-core dsr find', () => {
  it('tells what sites know the person by, for any spelling of the address', async () => {
    const found = await find(' Amber.Canary@MAIL.example', '--json');
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(found.stdout)).toEqual({
      people: [
        {
          sites: [
            { site: 'shop-a', user_ref: userRefs[0] },
            { site: 'shop-b', user_ref: userRefs[1] },
          ],
        },
      ],
    });
    const byPhone = await find('+372 555 0001', '--field', 'phone');
    for (const userRef of userRefs) expect(byPhone.stdout).toContain(userRef);
    expect(byPhone.stdout).not.toMatch(/canary|555/i);
  });

  it.each(['stranger@mail.example', 'no address at all', ''])(
    'answers alike for a miss: «%s»',
    async (value) => {
      const missed = await find(value, '--json');
      expect(missed).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(missed.stdout)).toEqual({ people: [] });
    },
  );

  it('writes every lookup down, with neither what was asked nor what was found', async () => {
    const before = (await auditRows(fixture.admin, 'people.looked_up')).length;
    await find(ADDRESS);
    await find('stranger@mail.example');
    const [hit, miss] = (await auditRows(fixture.admin, 'people.looked_up')).slice(before);
    expect(hit).toEqual(miss);
    expect(hit).toMatchObject({ subject_ref: null, data: { field: 'email', caller: 'operator-1' } });
  });

  it('is refused to operators who are not named in the settings, which is written down too', async () => {
    const refused = await find(ADDRESS, '--operator', 'operator-9');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('forbidden') });
    expect(await auditRows(fixture.admin, 'people.lookup_refused')).toMatchObject([
      { data: { caller: 'operator-9' } },
    ]);
  });

  it('is refused to an operator who asks too often', async () => {
    await fixture.admin.query(
      `update cell.lookup_callers set lookups = 30, window_started_at = clock_timestamp() where caller = 'operator-1'`,
    );
    const refused = await find(ADDRESS);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('rate_limited') });
  });
});
