import type { Figure } from '../figures.ts';
import type { SuiteContext } from '../settings.ts';
import { firstAttemptFigure } from './revocation/first-attempt.ts';
import { isolationFigure } from './revocation/isolation.ts';
import { killsFigure } from './revocation/kills.ts';
import { peopleFigures } from './revocation/linkage.ts';
import { readersFigures } from './revocation/readers.ts';
import { Stage } from './revocation/stage.ts';

/** Revocation that arrives, webhooks that are not lost, sites that learn nothing of each other. */
export async function revocationSuite(context: SuiteContext): Promise<Figure[]> {
  const stage = await Stage.open(context);
  return [
    ...(await readersFigures(context, stage)),
    await firstAttemptFigure(context, stage),
    await isolationFigure(context, stage),
    await killsFigure(context),
    ...(await peopleFigures(context)),
  ];
}
