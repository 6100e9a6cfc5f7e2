import { ROTATION_TASK } from '../../../src/cell/vault/rotation/key-rotation.ts';
import type { RotationKind } from '../../../src/cell/vault/rotation/rotation-repository.ts';
import { rotationTasks } from '../../../src/cell/vault/rotation/rotation-task.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { type Contender, load, type Slice } from '../../measure/load.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { measuredFigure } from './figure.ts';
import { type BenchCell, inTurn, TENANT, type VaultStage } from './stage.ts';

const USERS = 16;
/** With two of the five attributes. */
const CLASS = 'contact';
const VALUES_A_PERSON = 2;
const AT_ONCE = { graceSeconds: 0, settleSeconds: 0 };

const REWRAPS: FigureDefinition = {
  name: 'rewraps_per_second',
  unit: 'rate',
  meaning: 'data keys wrapped under a new key-encryption key, one process, nobody reading',
};
const REENCRYPTIONS: FigureDefinition = {
  name: 'reencryptions_per_second',
  unit: 'rate',
  meaning: 'values sealed under new data keys, one process, nobody reading',
};
const P99: FigureDefinition = {
  name: 'fetch_p99_during_rotation_over_before',
  unit: 'ratio',
  aim: { atMost: 1.2 },
  meaning:
    'p99 of a release while the job that rotates keys runs in the same process ÷ p99 without it, in turns',
};

export async function rotationFigures(context: SuiteContext, stage: VaultStage): Promise<Figure[]> {
  const cell = await stage.openCell('rotation');
  const { rotated } = context.pace.vault;
  context.note(`putting ${rotated} people into the vault`);
  const people = await cell.addPeople(rotated);
  await cell.admin.query('vacuum analyze');
  context.note('rotating their keys');
  return [
    measuredFigure(REWRAPS, await batchRates(context, cell, 'kek'), [
      'dominated by the writing: a new version of a row of 200 bytes, its index entries and WAL',
    ]),
    measuredFigure(
      REENCRYPTIONS,
      (await batchRates(context, cell, 'dek')).map((people) => people * VALUES_A_PERSON),
      [`${VALUES_A_PERSON} values a person; dominated by the writing, as above, of value and key`],
    ),
    await p99Figure(context, cell, cell.release(inTurn(people))),
  ];
}

/** Rows or people a second, for each tenth of the work. */
async function batchRates(context: SuiteContext, cell: BenchCell, kind: RotationKind): Promise<number[]> {
  const rotation = { tenantId: TENANT, kind, class: CLASS };
  await cell.vault.rotation.start({ ...rotation, ...AT_ONCE });
  const rates: number[] = [];
  const part = context.pace.vault.rotated / 10;
  let moved = 0;
  for (let start = performance.now(); ; ) {
    context.signal.throwIfAborted();
    const step = await cell.vault.rotation.step(rotation);
    if (step.result !== 'more') return rates;
    moved += step.batch.moved;
    if (moved < part) continue;
    rates.push((moved * 1_000) / (performance.now() - start));
    [moved, start] = [0, performance.now()];
  }
}

async function p99Figure(context: SuiteContext, cell: BenchCell, fetch: Contender): Promise<Figure> {
  const { slices, sliceMs, warmUpMs } = context.pace;
  const options = { users: USERS, signal: context.signal, durationMs: sliceMs };
  context.note('measuring releases before and during rotation');
  await load(fetch, { ...options, durationMs: warmUpMs });
  const before: Slice[] = [];
  const during: Slice[] = [];
  let moved = 0;
  const alone = async () => void before.push(await load(fetch, options));
  const rotating = async () => {
    const rotator = startRotator(cell);
    during.push(await load(fetch, options));
    moved += await rotator.stop();
  };
  for (let round = 0; round < slices; round += 1)
    for (const half of round % 2 === 0 ? [alone, rotating] : [rotating, alone]) await half();
  const p99 = (list: readonly Slice[]) =>
    quantile(
      list.flatMap((slice) => slice.latenciesMs),
      0.99,
    );
  const rounds = during.map((slice, round) => p99([slice]) / p99(before.slice(round, round + 1)));
  const rate = Math.round((moved * 1_000) / (slices * sliceMs));
  return {
    definition: P99,
    ...{ value: p99(during) / p99(before), low: quantile(rounds, 0.25), high: quantile(rounds, 0.75) },
    ...{ ours: sideOf('during', during), base: sideOf('before', before) },
    details: [
      `meanwhile ${rate} data keys or people a second were moved, KEKs and DEKs in turns; median of the rounds ${median(rounds).toFixed(2)}`,
      'dominated by the processors: all of them are busy with releases, and what rotation takes is missing there',
    ],
  };
}

/** The job as the cell's worker runs it, over and over. */
function startRotator(cell: BenchCell) {
  let isStopped = false;
  let moved = 0;
  const { vault, database } = cell;
  const counting = {
    scope: vault.rotation.scope.bind(vault.rotation),
    async step(...asked: Parameters<typeof vault.rotation.step>) {
      const step = await vault.rotation.step(...asked);
      if (step.result === 'more') moved += step.batch.moved;
      return isStopped ? ({ result: 'idle' } as const) : step;
    },
  };
  const run = rotationTasks({ database, rotation: counting })[ROTATION_TASK];
  const done = (async () => {
    for (let turn = 0; !isStopped; turn += 1) {
      const rotation = { tenantId: TENANT, kind: (['kek', 'dek'] as const)[turn % 2] ?? 'kek', class: CLASS };
      // The one that the last slice left behind goes on.
      await vault.rotation.start({ ...rotation, ...AT_ONCE }).catch(() => {});
      await run?.(rotation);
    }
  })();
  return {
    async stop(): Promise<number> {
      isStopped = true;
      await done;
      return moved;
    },
  };
}
