import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type NoteSigner, noteSigner } from './signed-note.ts';

const LINE = /^userref-audit-signer-v1:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z):([A-Za-z0-9_-]{43})$/;
const PREFIX = 'userref-audit-signer-v1:';

/**
 * The keys that sign checkpoints: a file of the process that signs, never in the database, so that whoever
 * holds the database can rewrite a log and still not sign for it. One key a line, oldest first; all of them
 * sign. Read anew whenever the file changes.
 */
export class SignerFile {
  readonly #path: string;
  #seeds: readonly Buffer[] = [];
  #readAt = '';

  /** @throws Error that says what is wrong with the file and how to mend it */
  constructor(path: string) {
    this.#path = path;
    this.#refresh();
  }

  /** Makes the file with one key when it is missing. */
  static create(path: string): void {
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, [newLine(new Date())]);
  }

  /** The signers of one log, oldest key first. */
  signers(log: string): [NoteSigner, ...NoteSigner[]] {
    this.#refresh();
    return this.#seeds.map((seed) => noteSigner(log, seed)) as [NoteSigner, ...NoteSigner[]];
  }

  /** Adds a key. From now on both sign, so that verifiers have time to take up the new one. */
  rotate(now: Date): void {
    replaceFile(this.#path, [...readLines(this.#path), newLine(now)]);
  }

  /** Ends the overlap: removes every key but the newest. */
  retire(): void {
    replaceFile(this.#path, readLines(this.#path).slice(-1));
  }

  #refresh(): void {
    const { mtimeMs, ino, size } = statSync(this.#path);
    const version = `${ino}/${mtimeMs}/${size}`;
    if (version === this.#readAt) return;
    this.#seeds = readLines(this.#path).map(seedOf);
    this.#readAt = version;
  }
}

function readLines(path: string): string[] {
  const { mode, uid } = statSync(path);
  if ((mode & 0o077) !== 0) throw new Error(`${path} can be read by others. Run: chmod 600 ${path}`);
  if (process.getuid && uid !== process.getuid()) throw new Error(`${path} belongs to another user.`);
  const text = readFileSync(path, 'utf8');
  const lines = text.trimEnd().split('\n');
  if (!text.endsWith('\n') || !lines.every((line) => LINE.test(line)))
    throw new Error(`${path} is no file of audit signer keys, or it was cut short. Restore it.`);
  return lines;
}

function seedOf(line: string): Buffer {
  return Buffer.from(LINE.exec(line)?.[2] ?? '', 'base64url');
}

function newLine(now: Date): string {
  return `${PREFIX}${now.toISOString()}:${randomBytes(32).toString('base64url')}`;
}

/** Complete and private before it has its name. */
function replaceFile(path: string, lines: readonly string[]): void {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
