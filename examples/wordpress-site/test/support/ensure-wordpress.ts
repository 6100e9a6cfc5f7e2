import { ensureDebianPackage } from '../../../../hosted-core/test/support/debian-packages.ts';
import { missingRelease } from '../../../../hosted-core/test/support/debian-release.ts';
import { requiredPackages } from '../../src/index.ts';

/** Why tests with WordPress cannot run here, after saying so; `undefined` when they can. With `CI=true` they have to. */
export function ensureWordPress(): string | undefined {
  for (const name of requiredPackages) {
    const problem = ensureDebianPackage(name);
    if (problem !== undefined) return problem;
  }
  return missingRelease();
}
