import { randomBytes } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CanaryForm } from './needles.ts';
import type { CanaryPlace } from './places.ts';

/** A value that exists nowhere else, and the spellings in which it is planted. */
export interface PositiveControl {
  readonly value: string;
  readonly spellings: readonly { readonly form: CanaryForm; readonly text: string }[];
}

/**
 * Most spellings are written by hand here, byte by byte, and not by the code that looks for them, so that one
 * mistake cannot hide in both.
 */
export function createPositiveControl(): PositiveControl {
  const value = `Control "Ä/ö" ${randomBytes(9).toString('hex')} Ende`;
  const inside = (prefix: string) => Buffer.from(`${prefix}${value} and more`).toString('base64');
  const escaped = [...value].map((char) => escapeForJson(char)).join('');
  const percent = [...Buffer.from(value)].map((byte) => `%${byte.toString(16).toUpperCase()}`);
  return {
    value,
    spellings: [
      { form: 'plain', text: value },
      { form: 'lower-cased', text: value.toLowerCase() },
      { form: 'url-encoded', text: percent.map(keepUnreserved).join('') },
      { form: 'form-encoded', text: percent.map(keepUnreserved).join('').replaceAll('%20', '+') },
      { form: 'base64', text: inside('') },
      { form: 'base64', text: inside('x') },
      { form: 'base64', text: inside('xy') },
      { form: 'json-escaped', text: escaped },
      {
        form: 'hex',
        text: [...Buffer.from(value)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      },
    ],
  };
}

/**
 * Calls `search` with a copy of the place that carries the planted text, and removes the copy. The place itself
 * is never touched.
 */
export async function withPlanted<Result>(
  place: CanaryPlace,
  text: string,
  search: (planted: CanaryPlace) => Promise<Result>,
): Promise<Result> {
  if (!('file' in place)) {
    const bytes = 'bytes' in place ? place.bytes : await place.read();
    const planted = Buffer.concat([bytes, Buffer.from(`; planted=${text}`)]);
    return search({ name: place.name, kind: 'buffer', bytes: planted });
  }
  const folder = await mkdtemp(join(tmpdir(), 'userref-canary-'));
  try {
    const file = join(folder, 'copy');
    await copyFile(place.file, file);
    if (place.kind === 'sqlite') plantRow(file, text);
    else await appendFile(file, `planted ${text}\n`);
    return await search({ ...place, file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function plantRow(file: string, text: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('create table if not exists planted (id integer primary key, value text)');
    database.prepare('insert into planted (value) values (?)').run(text);
  } finally {
    database.close();
  }
}

function escapeForJson(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  return char > '~' ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char;
}

function keepUnreserved(code: string): string {
  const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return /[A-Za-z0-9]/.test(char) ? char : code;
}
