import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file that nobody else can read, whoever could read the one before; whole or not at all. */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const { code } = cause as { code?: string };
    throw new Error(`${file} cannot be written (${code ?? 'unknown'}).`, { cause });
  }
}
