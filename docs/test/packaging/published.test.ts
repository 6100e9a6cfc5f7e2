import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, it } from 'vitest';
import { run } from './support/fresh-folder.ts';
import { manifestOf, packedPackage } from './support/packed.ts';
import { workFolder } from './support/work-folder.ts';

/** Unpacked, in kB. */
const BUDGET = {
  '@userref/sdk-core': 1_200,
  '@userref/sdk-express': 60,
  '@userref/sdk-next': 250,
  '@userref/php-bridge': 300,
  '@userref/hosted-core': 4_000,
};
type Name = keyof typeof BUDGET;
const names = Object.keys(BUDGET) as Name[];
const sdks = names.filter((name) => name !== '@userref/hosted-core');

/** What a package holds besides licence, README, manifest and `dist`. */
const BESIDES: Partial<Record<Name, RegExp>> = {
  '@userref/php-bridge': /^(?:generated\/openapi\.json|systemd\/userref-php-bridge\.service)$/,
  '@userref/hosted-core': /^(?:bin\/userref-core\.js|migrations\/\w+\/[\w.]+\.sql)$/,
};

it('every package of the repository that is not private is packed', () => {
  expect(
    inject('packed')
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
});

describe.each(names)('%s as it is published', (name) => {
  it('is what publint wants', async () => {
    const { messages } = await publint({ pkgDir: packedPackage(name).folder, strict: true });
    expect(messages.map((message) => formatMessage(message, manifestOf(name)))).toEqual([]);
  });

  it('has types that every resolution of ES modules finds', async () => {
    const data = createPackageFromTarballData(readFileSync(packedPackage(name).tarball));
    const result = await checkPackage(data);
    if (!result.types) throw new Error('the package has no types');
    // An ES module cannot be required by old resolutions: that is meant.
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem) || /esm|bundler/.test(problem.resolutionKind),
    );
    expect(problems).toEqual([]);
  });

  it('holds licence, README and built files, and neither tests nor sources nor names of machines', async () => {
    const { tarball } = packedPackage(name);
    const { output } = await run('tar', ['-tzf', tarball], workFolder);
    const files = output
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']));
    const others = files.filter((file) => !/^(?:dist\/.+|LICENSE|README\.md|package\.json)$/.test(file));
    expect(others.filter((file) => BESIDES[name]?.test(file) !== true)).toEqual([]);
    const { output: text } = await run('tar', ['-xzOf', tarball], workFolder);
    expect(text).not.toContain(workFolder);
    expect(text).not.toContain('file:///');
    expect(JSON.stringify(manifestOf(name))).not.toContain('@userref/source');
  });

  it('has nothing of development in its manifest, and asks npm for provenance', () => {
    const { devDependencies, scripts, publishConfig } = manifestOf(name);
    expect([devDependencies, scripts]).toEqual([undefined, undefined]);
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
  });

  it('keeps to its size', async () => {
    const { tarball } = packedPackage(name);
    const { output } = await run('tar', ['-tvzf', tarball], workFolder);
    const bytes = output
      .trim()
      .split('\n')
      .map((line) => Number(line.split(/\s+/)[2]));
    const unpacked = bytes.reduce((sum, size) => sum + size, 0) / 1000;
    const zipped = statSync(tarball).size / 1000;
    process.stdout.write(
      `${basename(tarball)}: ${zipped.toFixed(0)} kB, unpacked ${unpacked.toFixed(0)} of ${BUDGET[name]} kB\n`,
    );
    expect(unpacked).toBeLessThanOrEqual(BUDGET[name]);
  });
});

it.each(sdks)('%s has at most three dependencies', (name) => {
  expect(Object.keys(manifestOf(name).dependencies ?? {}).length).toBeLessThanOrEqual(3);
});
