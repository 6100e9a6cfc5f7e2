import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Drawings by product or mark, ready to stand in the page (so that they follow the page's colours). */
export function readArt(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.svg'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -4), readFileSync(join(folder, file), 'utf8')]),
  );
}
