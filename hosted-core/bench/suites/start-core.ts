import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoreConfig, RunningCore } from '../children/core.ts';
import { freePorts } from '../children/free-ports.ts';
import { startChild } from '../children/start-child.ts';
import type { SuiteContext } from '../settings.ts';

/** Nobody listens there: the browser of a benchmark stops before it would connect. */
export const CALLBACK = 'http://localhost:9/callback';
export const CORE_SESSION = 'userref_core';

/** A folder that goes with the suite, open to the unprivileged user whom PostgreSQL runs as. */
export function temporaryFolder(context: SuiteContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'userref-bench-'));
  chmodSync(folder, 0o711);
  context.defer(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The real core and cell, with PostgreSQL and the development sign-in, in a process of their own. */
export async function startCore(
  context: SuiteContext,
  { people, sites }: Pick<CoreConfig, 'people' | 'sites'>,
): Promise<RunningCore> {
  context.note('starting the core, the cell and PostgreSQL');
  const [core = 0, cell = 0, signIn = 0] = await freePorts(3);
  const dataDir = temporaryFolder(context);
  const config: CoreConfig = { dataDir, ports: { core, cell, signIn }, people, sites };
  return startChild<RunningCore>(context, { file: 'core.ts', config });
}
