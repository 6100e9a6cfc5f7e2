/**
 * Writes `recordings/`: what the tests need of the recordings of real Logto, made smaller. Run by hand when
 * there are new recordings: `node test/support/fake-logto/copy-recordings.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { copiesOf, readSource, SOURCE, sourceIsThere } from './recordings-source.ts';

if (!sourceIsThere()) throw new Error(`There are no recordings at ${SOURCE}.`);
for (const [path, text] of copiesOf(readSource())) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
