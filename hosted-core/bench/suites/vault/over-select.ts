import type pg from 'pg';
import { PEOPLE_TABLE, ROWS, SELECT_PERSON } from '../../children/people-table.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave, ratioOf } from '../../measure/interleave.ts';
import type { Contender } from '../../measure/load.ts';
import type { SuiteContext } from '../../settings.ts';
import { inTurn, type VaultStage } from './stage.ts';

/** As many as a busy cell has, and few. */
const CALLERS = { many: 64, few: 16 };

const MANY: FigureDefinition = {
  name: 'release_over_select',
  unit: 'ratio',
  aim: { atLeast: 0.35 },
  meaning: `release of five attributes, audited, without HTTP ÷ one SELECT of one row by key; ${CALLERS.many} callers each`,
};
const FEW: FigureDefinition = {
  name: 'release_over_select_few_callers',
  unit: 'ratio',
  meaning: `the same with ${CALLERS.few} callers each`,
};
const DETAILS = [
  'dominated by the statement that decides, reads and writes down (some eight look-ups by key and twenty rows a person,',
  'and an audit entry), its commit, and five AES-GCM openings; callers at the same time share statement and commit',
];

/** Both in this process, over the same pool of ten connections, with as many callers. */
export async function overSelectFigures(context: SuiteContext, stage: VaultStage): Promise<Figure[]> {
  const cell = await stage.openCell('release');
  const people = await cell.addPeople(CALLERS.many);
  await cell.admin.query(`${PEOPLE_TABLE}; grant select on person to cell_app`);
  const contenders = [cell.release(inTurn(people)), select(cell.database.pool)];
  const measure = async (definition: FigureDefinition, users: number): Promise<Figure> => {
    context.note(`measuring the release without HTTP, ${users} callers`);
    const options = { ...context.pace, users, signal: context.signal };
    const [ours = [], theirs = []] = await interleave(contenders, options);
    const sides = { ours: sideOf('release', ours), base: sideOf('SELECT', theirs) };
    return { definition, ...ratioOf(ours, theirs), ...sides, details: DETAILS };
  };
  return [await measure(MANY, CALLERS.many), await measure(FEW, CALLERS.few)];
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
