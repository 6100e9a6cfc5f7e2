import { createRequire } from 'node:module';
import express from 'express';
import { expect, it } from 'vitest';

const read = createRequire(import.meta.url);
const isExpress4 = process.env['EXPRESS_MAJOR'] === '4';

/** The same files run in two projects; this notices when both get the same Express. */
it('is the Express that this project of tests is for', () => {
  // Gone in Express 5.
  expect(typeof Reflect.get(express(), 'del')).toBe(isExpress4 ? 'function' : 'undefined');
});

it('is the oldest Express 4 that the manifest allows, or Express 5', () => {
  const { version } = read(`${isExpress4 ? 'express-4' : 'express'}/package.json`);
  const [oldest = '', newest = ''] = read('../package.json').peerDependencies.express.split(' || ');
  expect(isExpress4 ? `^${version}` : `^${version.split('.')[0]}.0.0`).toBe(isExpress4 ? oldest : newest);
});
