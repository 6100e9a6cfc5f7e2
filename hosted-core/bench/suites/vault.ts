import type { Figure } from '../figures.ts';
import type { SuiteContext } from '../settings.ts';
import { releaseSuite } from './release.ts';
import { auditFigures } from './vault/audit.ts';
import { overSelectFigures } from './vault/over-select.ts';
import { rotationFigures } from './vault/rotation.ts';
import { sizeFigure } from './vault/size.ts';
import { VaultStage } from './vault/stage.ts';

/** The vault: what a release costs, keys that rotate under it, the log that it writes, and how it grows. */
export async function vaultSuite(context: SuiteContext): Promise<Figure[]> {
  const stage = await VaultStage.open(context);
  return [
    ...(await overSelectFigures(context, stage)),
    ...(await releaseSuite(context)),
    ...(await rotationFigures(context, stage)),
    ...(await auditFigures(context, stage)),
    await sizeFigure(context, stage),
  ];
}
