import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles } from './support/repository-files.ts';

const PAGE = 'sdk-core/test/pains/README.md';
const rows = [...readText(PAGE).matchAll(/^\| (\d+) \| (.+?) \| (.+) \|$/gm)].map(
  ([, number, pain = '', tests = '']) => ({
    number: Number(number),
    pain,
    tests: [...tests.matchAll(/`([^`]+)` «([^»]+)»/g)].map(([, path = '', name = '']) => ({ path, name })),
  }),
);

describe('the page of pains', () => {
  it('has all twenty', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.each(rows)('names tests for pain $number, $pain, that are there', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    const files = repositoryFiles();
    for (const { path, name } of tests) {
      expect([path, files.includes(path)]).toEqual([path, true]);
      expect([path, name, readText(path).includes(name)]).toEqual([path, name, true]);
    }
  });

  it('leaves out no file of pains', () => {
    const files = repositoryFiles().filter((path) => /\/pains\/[\w-]+\.test\.ts$/.test(path));
    const named = rows.flatMap(({ tests }) => tests.map(({ path }) => path));
    expect(files.filter((path) => !named.includes(path))).toEqual([]);
  });
});
