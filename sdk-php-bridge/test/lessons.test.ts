import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PLACES = [
  (name: string) => join(import.meta.dirname, `${name}.test.ts`),
  (name: string) => join(import.meta.dirname, '..', 'php', 'tests', `${name}.php`),
  (name: string) => join(import.meta.dirname, '..', 'php', 'tests', 'Network', `${name}.php`),
  (name: string) => join(import.meta.dirname, '..', 'laravel', 'tests', `${name}.php`),
  (name: string) => join(import.meta.dirname, '..', '..', 'examples', 'php-shop', 'test', `${name}.test.ts`),
];

/** Lessons, each with the tests that keep it: a file and, between «», what they say; `…` stands for some words. */
const ROWS = readFileSync(join(import.meta.dirname, 'lessons.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| lesson'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, lesson = '', tests = '']) => [lesson, tests] as const);

it.each(ROWS)('the test that keeps us from "%s" is there', (_lesson, tests) => {
  const named = [...tests.matchAll(/`([\w-]+)`([^`]*)/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, name = '', words = ''] of named) {
    const file = PLACES.map((place) => place(name)).find(existsSync);
    expect(file, name).toBeDefined();
    const text = letters(readFileSync(file ?? '', 'utf8'));
    for (const [, sentence = ''] of words.matchAll(/«([^»]+)»/g)) {
      for (const part of sentence.split('…')) expect(text, sentence).toContain(letters(part));
    }
  }
});

/** Sentences in TypeScript and names of methods in PHP are the same without what stands between letters. */
function letters(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
