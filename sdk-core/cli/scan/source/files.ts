import { createReadStream, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Scan } from '../finding.ts';
import { scanAnything } from './scan-anything.ts';
import { reasonOf, shownPath } from './shown-name.ts';

const CHUNK = 1 << 20;

export interface FileOptions {
  readonly scan: Scan;
  /** Paths are told from here. */
  readonly root: string;
  /** What is not searched: files that were searched already, and those with what is looked for. */
  readonly done: Set<string>;
  /** Names of files and folders that were told. */
  readonly told: Set<string>;
}

/** Searches a file, or all files of a folder in a fixed order, and their names. Links are followed, each file once. */
export async function scanPath(path: string, options: FileOptions): Promise<void> {
  await scanEntry(path, { stat: statSync(path), options });
}

/** What makes a file itself, under whatever name. A pipe that a shell handed over has no other name. */
export function identityOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

async function scanEntry(path: string, { stat, options }: { stat: Stats; options: FileOptions }) {
  const { scan, root, done } = options;
  const identity = identityOf(path);
  if (done.has(identity)) return;
  done.add(identity);
  const source = shownPath(relative(root, path) || path, options);
  try {
    if (stat.isDirectory()) return await scanFolder(path, options);
    // Also a pipe, if it was named: `userref scan <(zcat dump.sql.gz)`.
    const bytes = createReadStream(path, { highWaterMark: CHUNK, signal: scan.signal });
    await scanAnything(bytes, { scan, source });
  } catch (error) {
    scan.signal?.throwIfAborted();
    scan.unread(source, reasonOf(error));
  }
}

async function scanFolder(folder: string, options: FileOptions): Promise<void> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stat = statOf(path, options);
    // Pipes, sockets and devices hold nothing.
    if (stat?.isFile() || stat?.isDirectory()) await scanEntry(path, { stat, options });
  }
}

/** @returns undefined for what is gone, and for a link that leads nowhere or in a circle */
function statOf(path: string, options: FileOptions): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const reason = reasonOf(error);
    const isNothing = reason === 'ENOENT' || reason === 'ELOOP';
    if (!isNothing) options.scan.unread(shownPath(relative(options.root, path), options), reason);
    return undefined;
  }
}
