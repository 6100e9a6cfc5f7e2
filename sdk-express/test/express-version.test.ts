import express from 'express';
import { expect, it } from 'vitest';

/** The same files run in two projects; this notices when both get the same Express. */
it('is the Express that this project of tests is for', () => {
  const isExpress4 = process.env['EXPRESS_MAJOR'] === '4';
  // Gone in Express 5.
  expect(typeof Reflect.get(express(), 'del')).toBe(isExpress4 ? 'function' : 'undefined');
});
