import { createUserref } from '@userref/sdk-core';
import { FakeCore } from '@userref/sdk-core/testing';
import { importJWK, type JWK, jwtVerify } from 'jose';
import { type Figure, type FigureDefinition, sideOf } from '../../figures.ts';
import { interleave, ratioOf } from '../../measure/interleave.ts';
import type { Contender } from '../../measure/load.ts';
import type { SuiteContext } from '../../settings.ts';

const PASSPORTS = 64;
const BATCH = 16;

const DEFINITION: FigureDefinition = {
  name: 'verify_over_jose',
  unit: 'ratio',
  aim: { atLeast: 0.9 },
  meaning: `strict verification of passports ÷ jose's jwtVerify with the same key, ${BATCH} at a time`,
};

/** Both know the key already, and both get the same passports in turns. */
export async function verifyFigures(context: SuiteContext): Promise<Figure[]> {
  const core = new FakeCore();
  const passports = await Promise.all(Array.from({ length: PASSPORTS }, () => core.passport()));
  const contenders = [await ours(core, passports), await theirs(core, passports)];
  context.note('verifying passports');
  const options = { ...context.pace, users: 1, signal: context.signal };
  const [strict = [], bare = []] = await interleave(contenders, options);
  return [
    {
      definition: DEFINITION,
      ...ratioOf(strict, bare),
      ours: sideOf('verifyPassport', strict),
      base: sideOf('jose.jwtVerify', bare),
    },
  ];
}

async function ours(core: FakeCore, passports: readonly string[]): Promise<Contender> {
  const { verifyPassport } = createUserref({
    ...core.options,
    baseUrl: 'https://shop.example',
    sessionSecret: 'a session secret that no session is sealed with',
    fetch: core.fetch,
  });
  return verifying('verifyPassport', passports, async (jwt) => (await verifyPassport(jwt)).userRef);
}

async function theirs({ issuer, site, fetch }: FakeCore, passports: readonly string[]): Promise<Contender> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: JWK[] };
  const key = await importJWK(keys[0] ?? {}, 'ES256');
  const expected = { issuer, audience: site, algorithms: ['ES256'], typ: 'JWT' };
  return verifying('jose.jwtVerify', passports, async (jwt) => {
    return String((await jwtVerify(jwt, key, expected)).payload.sub);
  });
}

function verifying(
  name: string,
  passports: readonly string[],
  verify: (jwt: string) => Promise<string>,
): Contender {
  let turn = 0;
  return {
    name,
    async work() {
      const batch = Array.from({ length: BATCH }, () => {
        turn = (turn + 1) % passports.length;
        return verify(passports[turn] ?? '');
      });
      const subjects = await Promise.all(batch);
      if (!subjects.every((subject) => subject.startsWith('ppid_'))) throw new Error(`${name} read nobody`);
    },
  };
}
