import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDriver } from '../../../src/cell/kms/open-driver.ts';
import { createVaultKeyFile } from '../../../src/cell/vault/open-vault.ts';
import { describeKeyDriver } from './kms-contract.ts';

const inMemory = 'the key is in this process, and nobody is asked';

describeKeyDriver('local key file', {
  cannot: { throttle: inMemory, hang: inMemory, outage: inMemory, corruptPlainKey: inMemory },
  async setUp() {
    const folder = mkdtempSync(join(tmpdir(), 'userref-kms-'));
    const [path, other, hidden] = ['vault', 'other', 'hidden'].map((name) => join(folder, `${name}.key`)) as [
      string,
      string,
      string,
    ];
    await createVaultKeyFile(path);
    await createVaultKeyFile(other);
    const open = (file: string) => () => openDriver({ address: { scheme: 'file', path: file } });
    return {
      openDriver: open(path),
      openOtherDriver: open(other),
      openBareDriver: open(path),
      faults: {
        disableKey: () => renameSync(path, hidden),
        heal: () => {
          if (existsSync(hidden)) renameSync(hidden, path);
        },
      },
      problems: () => [],
      close: () => rmSync(folder, { recursive: true }),
    };
  },
});
