import type { Figure } from '../figures.ts';
import type { SuiteContext } from '../settings.ts';
import { reconcileFigures } from './upstream/reconcile.ts';
import { reloginFigure } from './upstream/relogin.ts';
import { openStage } from './upstream/stage.ts';

/** Signing in at Logto, and staying in step with it. */
export async function upstreamSuite(context: SuiteContext): Promise<Figure[]> {
  const stage = await openStage(context);
  return [await reloginFigure(context, stage), ...(await reconcileFigures(context, stage))];
}
