import type { Figure } from '../figures.ts';
import type { SuiteContext } from '../settings.ts';
import { elsewhereFigures } from './sdk/elsewhere.ts';
import { expressFigures } from './sdk/express.ts';
import { sizeFigures } from './sdk/sizes.ts';
import { verifyFigures } from './sdk/verify.ts';

/** What the SDKs cost a site. */
export async function sdkSuite(context: SuiteContext): Promise<Figure[]> {
  return [
    ...(await sizeFigures()),
    ...(await verifyFigures(context)),
    ...(await elsewhereFigures(context)),
    ...(await expressFigures(context)),
  ];
}
