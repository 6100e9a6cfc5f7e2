import type { Figure } from '../figures.ts';
import type { SuiteContext } from '../settings.ts';
import { bridgeFigures } from './php/bridge.ts';
import { pageViewFigures } from './php/page-views.ts';
import { wordPressFigures } from './php/wordpress.ts';

/** What Userref costs a site in PHP. Needs Debian's PHP with curl and SQLite, Laravel, WordPress and MariaDB. */
export async function phpSuite(context: SuiteContext): Promise<Figure[]> {
  return [
    ...(await bridgeFigures(context)),
    ...(await pageViewFigures(context)),
    ...(await wordPressFigures(context)),
  ];
}
