import type { Figure, SuiteName } from './figures.ts';
import { FULL, type Options, QUICK, type SuiteContext } from './settings.ts';
import { demoSuite } from './suites/demo.ts';
import { emulatorSuite } from './suites/emulator.ts';
import { loginSuite } from './suites/login.ts';
import { phpSuite } from './suites/php.ts';
import { releaseSuite } from './suites/release.ts';
import { revocationSuite } from './suites/revocation.ts';
import { sdkSuite } from './suites/sdk.ts';
import { statementsSuite } from './suites/statements.ts';
import { upstreamSuite } from './suites/upstream.ts';
import { vaultSuite } from './suites/vault.ts';

const RUNNERS: Record<SuiteName, (context: SuiteContext) => Promise<Figure[]>> = {
  release: releaseSuite,
  login: loginSuite,
  statements: statementsSuite,
  sdk: sdkSuite,
  demo: demoSuite,
  emulator: emulatorSuite,
  revocation: revocationSuite,
  upstream: upstreamSuite,
  vault: vaultSuite,
  php: phpSuite,
};

export interface Outcome {
  readonly figures: readonly Figure[];
  /** Suites that broke. */
  readonly failed: readonly SuiteName[];
}

/** Runs one suite after the other, each with servers of its own. A suite that breaks does not stop the rest. */
export async function runSuites(
  options: Options,
  { signal, note }: { signal: AbortSignal; note: (text: string) => void },
): Promise<Outcome> {
  const figures: Figure[] = [];
  const failed: SuiteName[] = [];
  for (const suite of options.suites) {
    if (signal.aborted) break;
    try {
      figures.push(...(await runSuite(suite, options, { signal, note })));
    } catch (error) {
      if (signal.aborted) break;
      note(`${suite}: ${error instanceof Error ? error.message : String(error)}`);
      failed.push(suite);
    }
  }
  return { figures, failed };
}

async function runSuite(
  suite: SuiteName,
  { quick, profileDir, subjects }: Options,
  { signal, note }: { signal: AbortSignal; note: (text: string) => void },
): Promise<Figure[]> {
  const stops: (() => Promise<void>)[] = [];
  const pace = quick ? QUICK : FULL;
  const context: SuiteContext = {
    pace: subjects === undefined ? pace : { ...pace, vault: { ...pace.vault, subjects } },
    signal,
    profileDir,
    note: (text) => note(`${suite}: ${text}`),
    defer: (stop) => void stops.push(stop),
  };
  try {
    return await RUNNERS[suite](context);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
