import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { allScenarios } from './passport-scenarios/all.ts';
import {
  goodClaims,
  goodKeySet,
  ISSUER,
  NOW,
  type Scenario,
  SITE,
  TOLERANCE_SECONDS,
} from './passport-scenarios/scenario.ts';
import { passportOf, signingInput } from './passport-scenarios/sign.ts';
import { type PassportVector, vectorFolder } from './passport-vector.ts';

/** Writes the shared vectors: `node sdk-core/test/support/make-passport-vectors.ts`. */
async function writeVectors(): Promise<void> {
  mkdirSync(vectorFolder, { recursive: true });
  const wanted = new Set(allScenarios.map((scenario) => `${scenario.name}.json`));
  for (const file of readdirSync(vectorFolder)) {
    if (file.endsWith('.json') && !wanted.has(file)) rmSync(vectorFolder + file);
  }
  for (const scenario of allScenarios) await writeVector(scenario);
}

async function writeVector(scenario: Scenario): Promise<void> {
  const path = `${vectorFolder}${scenario.name}.json`;
  const vector = await vectorOf(scenario);
  const before: PassportVector | null = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
  // ES256 signs with a random number: what says the same is kept, so that a second run changes nothing.
  const isSame = before !== null && JSON.stringify(withoutJwt(before)) === JSON.stringify(withoutJwt(vector));
  const keepsJwt = isSame && hasSameInput(before.jwt, vector.jwt, signingInput(scenario));
  if (!keepsJwt) writeFileSync(path, `${JSON.stringify(vector, null, 2)}\n`);
}

async function vectorOf(scenario: Scenario): Promise<PassportVector> {
  const { name, reason, keySet = goodKeySet, expected } = scenario;
  return {
    name,
    jwt: await passportOf(scenario),
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

function withoutJwt({ jwt: _, ...rest }: PassportVector): object {
  const { status, ...expected } = rest.expected;
  // The signing input alone: a list signed with ES256 differs each time, too.
  const lists = status?.lists.map((list) => list.slice(0, list.lastIndexOf('.')));
  return { ...rest, expected, status: status && { ...status, lists } };
}

function hasSameInput(before: string, after: string, input: string): boolean {
  return before.length === after.length && before.startsWith(input) === after.startsWith(input);
}

await writeVectors();
