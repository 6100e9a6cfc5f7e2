import { allScenarios } from './all.ts';
import { goodClaims, goodKeySet, ISSUER, NOW, type Scenario, SITE, TOLERANCE_SECONDS } from './scenario.ts';
import { passportOf } from './sign.ts';

/** The shared vectors by file name, each with its text; `npm run contract` writes them. */
export function passportVectorFiles(): Record<string, string> {
  return Object.fromEntries(
    allScenarios.map((scenario) => [
      `${scenario.name}.json`,
      `${JSON.stringify(vectorOf(scenario), null, 2)}\n`,
    ]),
  );
}

function vectorOf(scenario: Scenario): object {
  const { name, reason, keySet = goodKeySet, expected } = scenario;
  return {
    name,
    jwt: passportOf(scenario),
    keys: keySet,
    expected: {
      issuer: ISSUER,
      site: SITE,
      now: NOW,
      tolerance_seconds: TOLERANCE_SECONDS,
      nonce: goodClaims.nonce,
      ...expected,
    },
    verdict: reason === undefined ? 'accepted' : 'refused',
    ...(reason === undefined ? {} : { reason }),
  };
}
