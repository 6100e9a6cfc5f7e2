/** A process that rotates keys without end, for tests that kill it. Starts when told to on its standard input. */
import { once } from 'node:events';
import { openLocalKeyFile } from '../../src/cell/kms/local-key-file.ts';
import type { StartRotation } from '../../src/cell/vault/rotation/key-rotation.ts';
import { Vault } from '../../src/cell/vault/vault.ts';
import { Database } from '../../src/database/database.ts';

const { databaseUrl, keyFile, tenantId, first } = JSON.parse(process.argv[2] ?? '{}');
const lifetimes = { keySeconds: 0, dataKeySeconds: 0, staleWriterSeconds: 0 };
const database = new Database({
  connectionString: databaseUrl,
  applicationName: 'rotator',
  maxConnections: 3,
});
const vault = new Vault({
  database,
  keyWrapper: await openLocalKeyFile({ path: keyFile }),
  region: 'eu',
  lifetimes,
  rotationBatch: { kek: 3, dek: 2, blind_index: 2 },
});
const rotations = (['kek', 'dek', 'blind_index'] as const).map((kind): StartRotation => {
  const keyClass = kind === 'blind_index' ? 'email' : 'contact';
  return { tenantId, kind, class: keyClass, graceSeconds: 0, settleSeconds: 0 };
});

/** As the job does: what was away for a moment, on a busy machine too, is asked again. */
function again(error: { code?: string }): { result: 'more' } {
  if (error.code === 'service_unavailable') return { result: 'more' };
  throw error;
}

// Connected, and with all code at hand: from here on time is spent on the work.
await vault.keys.status(tenantId);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
for (;;) {
  for (const rotation of [...rotations.slice(first), ...rotations.slice(0, first)]) {
    // Another rotator may have started the same one a moment earlier.
    await vault.rotation.start(rotation).catch(() => {});
    for (;;) {
      const step = await vault.rotation.step(rotation).catch(again);
      process.stdout.write('.');
      if (step.result !== 'more') break;
    }
  }
}
