import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The first TypeScript block of a README, without its types and imports, so that a test can run it. */
export function quickstartOf(readme: URL): string {
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, 'utf8')) ?? [];
  return stripTypeScriptTypes(block).replaceAll(/^import .*$/gm, '');
}
