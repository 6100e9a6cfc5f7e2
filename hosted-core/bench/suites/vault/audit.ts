import type { Chain } from '../../../src/audit/chain.ts';
import { sequenceAll } from '../../../src/audit/sequencer.ts';
import type { Figure, FigureDefinition } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { measuredFigure } from './figure.ts';
import { fillPending, measureSequencing, measureVerification, writeEvidence } from './measure-audit.ts';
import { TENANT, type VaultStage } from './stage.ts';

const ROUNDS = 5;

const ENTRIES: FigureDefinition = {
  name: 'audit_entries_per_second',
  unit: 'rate',
  aim: { atLeast: 20_000 },
  meaning: 'entries that wait are numbered, hashed into chain and tree and committed, by one sequencer',
};
const VERIFY: FigureDefinition = {
  name: 'audit_verify_million_seconds',
  unit: 'seconds',
  aim: { atMost: 60 },
  meaning: '`userref audit verify` of an export, a process of its own, for a million entries',
};

export async function auditFigures(context: SuiteContext, stage: VaultStage): Promise<Figure[]> {
  const cell = await stage.openCell('audit');
  const chain: Chain = { database: cell.database, schema: 'cell', tenantId: TENANT };
  const { auditEntries } = context.pace.vault;
  const each = auditEntries / (2 * ROUNDS);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    context.signal.throwIfAborted();
    context.note(`numbering ${each} audit entries, round ${round + 1} of ${ROUNDS}`);
    rates.push((await measureSequencing(chain, each)).entriesPerSecond);
  }
  context.note(`verifying ${auditEntries} audit entries`);
  await fillPending(chain, auditEntries - ROUNDS * each);
  await sequenceAll(chain);
  const { seconds, peakMegabytes } = await measureVerification(await writeEvidence(chain, stage.folder));
  const aMillion = (seconds * 1e6) / auditEntries;
  return [
    measuredFigure(ENTRIES, rates, [
      'dominated by PostgreSQL: a row is deleted and one with two indexes written',
    ]),
    measuredFigure(
      VERIFY,
      [aMillion],
      [
        `${auditEntries} entries in ${seconds.toFixed(1)} s, at most ${Math.round(peakMegabytes)} MB of memory`,
        'dominated by reading lines as text; two SHA-256 an entry are the smaller half',
      ],
    ),
  ];
}
