import type pg from 'pg';
import { PEOPLE_TABLE, ROWS, SELECT_PERSON } from '../../children/people-table.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave, ratioOf } from '../../measure/interleave.ts';
import type { Contender } from '../../measure/load.ts';
import type { SuiteContext } from '../../settings.ts';
import { inTurn, type VaultStage } from './stage.ts';

const USERS = 16;

const DEFINITION: FigureDefinition = {
  name: 'release_over_select',
  unit: 'ratio',
  aim: { atLeast: 0.35 },
  meaning:
    'release of five attributes, audited, without HTTP ÷ one SELECT of one row by key; 16 callers each',
};

/** Both in this process, over the same pool of ten connections. */
export async function overSelectFigure(context: SuiteContext, stage: VaultStage): Promise<Figure> {
  const cell = await stage.openCell('release');
  const people = await cell.addPeople(USERS);
  await cell.admin.query(`${PEOPLE_TABLE}; grant select on person to cell_app`);
  context.note('measuring the release without HTTP');
  const contenders = [cell.release(inTurn(people)), select(cell.database.pool)];
  const options = { ...context.pace, users: USERS, signal: context.signal };
  const [ours = [], theirs = []] = await interleave(contenders, options);
  return {
    definition: DEFINITION,
    ...ratioOf(ours, theirs),
    ...{ ours: sideOf('release', ours), base: sideOf('SELECT', theirs) },
    details: [
      'dominated by the statement that decides, reads and writes down: some eight look-ups by key and twelve rows a',
      'person, an audit entry, and its commit; then five AES-GCM openings',
    ],
  };
}

function select(pool: pg.Pool): Contender {
  let turn = 0;
  return {
    name: 'SELECT',
    async work() {
      const { rows } = await pool.query(SELECT_PERSON, [`person-${turn++ % ROWS}`]);
      if (!rows[0]?.email) throw new Error('the SELECT came without its row');
    },
  };
}
