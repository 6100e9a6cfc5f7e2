import { startDevelopmentEnvironment } from '@userref/hosted-core';
import { measureLinkage } from '../../../test/support/linkage/measure-linkage.ts';
import { gatherFiles } from '../../../test/support/linkage/two-sites.ts';
import { samplePeople } from '../../../test/support/sample-people.ts';
import { freePorts } from '../../children/free-ports.ts';
import type { Figure } from '../../figures.ts';
import type { SuiteContext } from '../../settings.ts';
import { temporaryFolder } from '../start-core.ts';
import { countFigure } from './figure.ts';
import { pageFigure } from './pages.ts';

/** What needs the house with people who go through pages: linkage between sites, and the weight of pages. */
export async function peopleFigures(context: SuiteContext): Promise<Figure[]> {
  const { people } = context.pace.revocation;
  const [core = 0, cell = 0, signIn = 0] = await freePorts(3);
  const environment = await startDevelopmentEnvironment({
    ...{ dataDir: temporaryFolder(context), ports: { core, cell, signIn } },
    ...{ people: samplePeople(people), logLevel: 'silent' },
  });
  context.defer(() => environment.stop());
  context.note('weighing pages');
  const page = await pageFigure(environment);
  context.note(`${people} people visit two sites, and withdraw`);
  const { first, second } = await gatherFiles(environment);
  const linkage = measureLinkage(first, second);
  const figure = countFigure('linkage_over_chance', linkage.linkageOverChance, {
    ...{ unit: 'share', aim: 0 },
    meaning:
      'share of people whom two sites find in both their files by the best attack, less that of guessing',
    details: [
      `${linkage.people} people, ${linkage.attacks} attacks`,
      ...linkage.findings.map(({ attack, hits }) => `${attack}: ${hits} found`),
    ],
  });
  return [figure, page];
}
