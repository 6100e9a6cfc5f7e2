import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The first TypeScript block of a README, or of a section of it, without types and imports, so that a test can run it. */
export function quickstartOf(readme: URL, section = ''): string {
  const text = readFileSync(readme, 'utf8');
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(text.slice(text.indexOf(section))) ?? [];
  return stripTypeScriptTypes(block).replaceAll(/^import .*$/gm, '');
}
