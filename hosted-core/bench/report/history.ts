import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FlatReport } from './flat-report.ts';

const FOLDER = new URL('../history/', import.meta.url);

/** Keeps a run's report. @returns the file's path */
export function saveReport(report: FlatReport): string {
  const name = String(report['date']).slice(0, 19).replaceAll(':', '-');
  const file = new URL(`${name}.json`, FOLDER);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return fileURLToPath(file);
}
