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
  project.provide('freshFolders', freshFolders);
  project.provide('packed', await packPackages(join(workFolder, 'packed')));
  return () => rmSync(freshFolders, { recursive: true, force: true });
}
