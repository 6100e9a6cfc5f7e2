import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackage } from './debian-packages.ts';

export const SOFT_HSM_MODULE = '/usr/lib/softhsm/libsofthsm2.so';
export const PIN = '482913';

/** A token of SoftHSM2 in a folder of its own, and a module in front of it that fails when it is told to. */
export interface SoftHsm {
  readonly token: string;
  readonly pinFile: string;
  readonly faultyModule: string;
  /** `hang`, `corrupt`, or `return <value in hex> <times>`; an empty text heals. */
  fail(line: string): void;
  writePin(pin: string): void;
  close(): void;
}

/** Why there is none on this machine; `undefined` when there is. Installs the packages where it may. */
export function softHsmMissing(): string | undefined {
  return ['softhsm2', 'gcc', 'libc6-dev'].map(ensureDebianPackage).find((reason) => reason !== undefined);
}

/** Sets `SOFTHSM2_CONF` for this process: one at a time. */
export function createSoftHsm(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'userref-hsm-'));
  const [pinFile, faultFile, faultyModule] = ['pin', 'fault', 'faulty.so'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  mkdirSync(join(folder, 'tokens'));
  writeFileSync(
    join(folder, 'softhsm2.conf'),
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  Object.assign(process.env, {
    SOFTHSM2_CONF: join(folder, 'softhsm2.conf'),
    FAULTY_MODULE_REAL: SOFT_HSM_MODULE,
    FAULTY_MODULE_FAULT: faultFile,
  });
  const token = 'userref test';
  const init = ['--init-token', '--free', '--label', token, '--so-pin', '99887766', '--pin', PIN];
  execFileSync('softhsm2-util', init, { stdio: 'pipe' });
  const source = join(import.meta.dirname, 'kms-stubs', 'faulty-module.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-o', faultyModule, source, '-ldl'], { stdio: 'pipe' });
  const writePin = (pin: string) => writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 });
  writePin(PIN);
  return {
    token,
    pinFile,
    faultyModule,
    fail: (line) => writeFileSync(faultFile, `${line}\n`),
    writePin,
    close: () => rmSync(folder, { recursive: true }),
  };
}
