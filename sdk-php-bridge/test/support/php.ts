import { ensureDebianPackage } from '../../../hosted-core/test/support/debian-packages.ts';
import { missingRelease } from '../../../hosted-core/test/support/debian-release.ts';

const PACKAGES = ['php-cli', 'php-curl', 'php-sqlite3', 'php-mbstring', 'php-xml'];

/** Why PHP tests cannot run here, after saying so; `undefined` when they can. With `CI=true` they have to. */
export function ensurePhp(...more: string[]): string | undefined {
  for (const name of [...PACKAGES, ...more]) {
    const problem = ensureDebianPackage(name);
    if (problem !== undefined) return problem;
  }
  return missingRelease();
}
