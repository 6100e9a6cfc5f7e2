import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as exported from '../src/index.ts';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const WEB_ONLY = /from 'node:|require\(|\bBuffer\b|\bprocess\.|__dirname|\bsetImmediate\b/;

describe('the source of sdk-core', () => {
  it.each(files)('%s uses Web APIs only', (file) => {
    expect(readFileSync(source + file, 'utf8')).not.toMatch(WEB_ONLY);
  });

  it('is looked at by the test above', () => {
    expect(files.length).toBeGreaterThan(40);
    expect("import { createHmac } from 'node:crypto'").toMatch(WEB_ONLY);
  });

  it('exports these values and no others', () => {
    expect(Object.keys(exported).sort()).toEqual([
      'Attributes',
      'ConsentRequiredError',
      'LoginFailedError',
      'UserrefError',
      'createUserref',
      'memorySessionStore',
    ]);
  });
});
