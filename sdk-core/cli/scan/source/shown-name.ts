import { sep } from 'node:path';
import type { Scan } from '../finding.ts';

interface NameOptions {
  readonly scan: Scan;
  /** Names that were found before, which are told once however much lies in them. */
  readonly told: Set<string>;
  /** Stands before it in the report. */
  readonly inside?: string;
}

/** A path may be made of personal data too: then it is told without the part that is. */
export function shownPath(path: string, { scan, told, inside = '' }: NameOptions): string {
  const parts = path.split(sep);
  const shown: string[] = [];
  for (const [index, part] of parts.entries()) {
    const [sighting] = scan.search(Buffer.from(part, 'utf8'));
    shown.push(sighting ? `[name ${index + 1}]` : part);
    const whole = inside + parts.slice(0, index + 1).join(sep);
    if (!sighting || told.has(whole)) continue;
    told.add(whole);
    const forms = [...sighting.forms, 'file-name'];
    scan.found({ source: inside + shown.join(sep), kind: sighting.kind, forms });
  }
  return inside + shown.join(sep);
}

/** Why something could not be read, without its name, which a system's own message repeats. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
