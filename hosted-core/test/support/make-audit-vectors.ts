/** Writes docs/contract/vectors/audit anew: `node --conditions=@userref/source hosted-core/test/support/make-audit-vectors.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeAuditVectors } from './audit-vectors.ts';

const folder = join(import.meta.dirname, '../../../docs/contract/vectors/audit');
for (const [name, content] of await makeAuditVectors()) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
