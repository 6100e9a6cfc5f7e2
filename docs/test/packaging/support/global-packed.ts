import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type PackedPackage, packPackages } from '../../../release/pack-packages.ts';
import { workFolder } from './work-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Every package as it is published, packed once a run. */
    packed: readonly PackedPackage[];
    /**
     * Where packages are installed. Outside of the repository: below it, what a package forgets to ask for would be
     * found in `node_modules` upwards.
     */
    freshFolders: string;
  }
}

export default async function setup(project: TestProject) {
  const freshFolders = mkdtempSync(join(tmpdir(), 'userref-packaging-'));
  // Of its own, so that two runs on one machine do not empty each other's.
  const packedFolder = join(workFolder, `packed-${process.pid}`);
  const cleanUp = () => {
    for (const folder of [freshFolders, packedFolder]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    project.provide('freshFolders', freshFolders);
    project.provide('packed', await packPackages(packedFolder));
  } catch (error) {
    cleanUp();
    throw error;
  }
  return cleanUp;
}
