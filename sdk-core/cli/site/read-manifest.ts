import { existsSync, readFileSync } from 'node:fs';
import { isObject } from '../../src/encoding/strict-json.ts';
import { Problem } from '../console/problem.ts';

/** A package.json, also with a byte order mark, which npm takes too; undefined where there is none. @throws Problem */
export function readManifest(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
    if (isObject(manifest)) return manifest;
  } catch {
    // Told below.
  }
  throw new Problem({
    what: 'The package.json here is no JSON object.',
    fix: 'Mend it: npm cannot read it either.',
  });
}
