import { open, readFile } from 'node:fs/promises';
import type { Anchor } from './anchor.ts';

/**
 * A file that only grows: a JSON line a checkpoint. Make it append-only (`chattr +a`) or put it where the
 * database's administrators cannot write.
 */
export function fileAnchor(path: string): Anchor {
  return {
    name: 'file',
    async put(checkpoint) {
      const file = await open(path, 'a', 0o640);
      try {
        await file.appendFile(`${JSON.stringify(checkpoint)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async read(log) {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const notes: string[] = [];
      const suspicions: string[] = [];
      for (const [index, line] of text.split('\n').entries()) {
        if (line === '') continue;
        const found = parseLine(line);
        if (!found) suspicions.push(`line ${index + 1} of ${path} is not a checkpoint`);
        else if (found.log === log) notes.push(found.note);
      }
      return { notes, suspicions };
    },
  };
}

function parseLine(line: string): { log: string; note: string } | undefined {
  try {
    const { log, note } = JSON.parse(line) as { log?: unknown; note?: unknown };
    return typeof log === 'string' && typeof note === 'string' ? { log, note } : undefined;
  } catch {
    return undefined;
  }
}
