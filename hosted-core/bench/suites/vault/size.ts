import type { SealedPerson } from '../../../src/cell/vault/stored-attributes.ts';
import type { Vault } from '../../../src/cell/vault/vault.ts';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave, ratioOf } from '../../measure/interleave.ts';
import type { SuiteContext } from '../../settings.ts';
import { copiedToken, copyPeople } from './copy-people.ts';
import type { VaultStage } from './stage.ts';

const USERS = 16;
const SMALL = 10_000;

const DEFINITION: FigureDefinition = {
  name: 'fetch_1m_over_10k_subjects',
  unit: 'ratio',
  aim: { atLeast: 0.85 },
  meaning:
    'releases of random people, each with a token of their own, from a large database ÷ from one of 10,000',
};

export async function sizeFigure(context: SuiteContext, stage: VaultStage): Promise<Figure> {
  const { subjects } = context.pace.vault;
  const sizes = [subjects, Math.min(SMALL, subjects / 2)];
  const contenders = [];
  for (const size of sizes) {
    const cell = await stage.openCell(`people_${size}`);
    const [template] = await cell.addPeople(1);
    await copyPeople(cell.admin, { count: size, note: context.note });
    const random = () => copiedToken(1 + Math.floor(Math.random() * size));
    contenders.push(cell.release(random, openedAs(cell.vault, template?.subjectId ?? '')));
  }
  context.note('measuring releases of random people');
  const options = { ...context.pace, users: USERS, signal: context.signal };
  const [large = [], small = []] = await interleave(contenders, options);
  return {
    definition: DEFINITION,
    ...ratioOf(large, small),
    ...{ ours: sideOf(`${subjects} people`, large), base: sideOf(`${sizes[1]} people`, small) },
    details: [
      `${subjects} against ${sizes[1]} people, rows copied in SQL; their values are opened as those of the one they were copied from`,
      'dominated by index pages and rows that are not in the 128 MB of shared buffers and come from the file cache',
    ],
  };
}

/** A copied ciphertext opens only as its template. */
function openedAs(vault: Vault, subjectId: string): Vault {
  const original = (person: SealedPerson) => ({ ...person, subjectId });
  const standIn: Pick<Vault, 'catalogue' | 'isReadyToOpen' | 'openAtOnce' | 'openReleased'> = {
    catalogue: vault.catalogue,
    isReadyToOpen: (...asked) => vault.isReadyToOpen(...asked),
    openAtOnce: (person) => vault.openAtOnce(original(person)),
    openReleased: (person) => vault.openReleased(original(person)),
  };
  return standIn as Vault;
}
