import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { PackedPackage } from '../../../release/pack-packages.ts';

export function packedPackage(name: string): PackedPackage {
  const found = inject('packed').find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

/** Dependencies that install the packages from their tarballs. */
export function tarballsOf(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `file:${packedPackage(name).tarball}`]));
}

/** The manifest as it is published. */
export function manifestOf(name: string) {
  return JSON.parse(readFileSync(join(packedPackage(name).folder, 'package.json'), 'utf8'));
}
