import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freeBlock } from '../../bench/children/free-ports.ts';
import { type EmulatorLine, startEmulatorProcess } from './emulator-process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that `userref dev` was started in. */
    emulatorFolder: string;
    emulator: EmulatorLine;
  }
}

/** One emulator for the tests of the command line, started as its users start it. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'userref-emulator-'));
  const emulator = await startEmulatorProcess({
    cwd: folder,
    firstPort: await freeBlock([0, 1, 2, 3, 4, 5]),
  });
  project.provide('emulatorFolder', folder);
  project.provide('emulator', emulator.line);
  return async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
