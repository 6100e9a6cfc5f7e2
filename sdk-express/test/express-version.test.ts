import { readFileSync } from 'node:fs';
import express from 'express';
import { expect, it } from 'vitest';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const isExpress4 = process.env['EXPRESS_MAJOR'] === '4';

/** The same files run in two projects; this notices when both get the same Express. */
it('is the Express that this project of tests is for', () => {
  // Gone in Express 5.
  expect(typeof Reflect.get(express(), 'del')).toBe(isExpress4 ? 'function' : 'undefined');
});

it.runIf(isExpress4)('is the oldest Express that the manifest allows', () => {
  const { version } = read('../node_modules/express-4/package.json');
  expect(read('../package.json').peerDependencies.express).toMatch(`^${version} ||`);
});
