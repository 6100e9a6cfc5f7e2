import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PackedPackage, packPackages } from '../../release/pack-packages.ts';
import { freshFolder, nodeProgram, run, workFolder } from './support/fresh-folder.ts';

const NODES = [22, 24, 26];
const EXPRESSES = ['express', 'express-4'];
const COMPILERS = { 'TypeScript 5.9': '~5.9.0', 'TypeScript 6': '~6.0.0', 'TypeScript 7': '~7.0.0' };
const RESOLUTIONS = { nodenext: 'nodenext', bundler: 'esnext' };
/** Unpacked, in kB. */
const BUDGET = { '@userref/sdk-core': 1_600, '@userref/sdk-express': 60, '@userref/sdk-next': 250 };
const consumer = fileURLToPath(new URL('./consumer/', import.meta.url));

let packed: PackedPackage[] = [];
beforeAll(async () => {
  packed = await packPackages(join(workFolder, 'packed'));
}, 420_000);

const byName = (name: string): PackedPackage => {
  const found = packed.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
};
const names = Object.keys(BUDGET) as (keyof typeof BUDGET)[];
const manifestOf = ({ folder }: PackedPackage) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

describe.each(names)('%s as it is published', (name) => {
  it('is what publint wants', async () => {
    const { folder } = byName(name);
    const { messages } = await publint({ pkgDir: folder, strict: true });
    const manifest = manifestOf(byName(name));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it('has types that every resolution of ES modules finds', async () => {
    const data = createPackageFromTarballData(readFileSync(byName(name).tarball));
    const result = await checkPackage(data);
    if (!result.types) throw new Error('the package has no types');
    // An ES module cannot be required by old resolutions: that is meant.
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem) || /esm|bundler/.test(problem.resolutionKind),
    );
    expect(problems).toEqual([]);
  });

  it('holds licence, README and built files, and neither tests nor sources nor names of machines', async () => {
    const { tarball } = byName(name);
    const { output } = await run('tar', ['-tzf', tarball], workFolder);
    const files = output
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']));
    expect(files.filter((file) => !/^(?:dist\/.+|LICENSE|README\.md|package\.json)$/.test(file))).toEqual([]);
    const { output: text } = await run('tar', ['-xzOf', tarball], workFolder);
    expect(text).not.toContain(workFolder);
    expect(text).not.toMatch(/@userref\/source|file:\/\/\//);
  });

  it('has at most three dependencies, and none at development time', () => {
    const { dependencies = {}, devDependencies, scripts } = manifestOf(byName(name));
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(3);
    expect([devDependencies, scripts]).toEqual([undefined, undefined]);
  });

  it('keeps to its size', async () => {
    const { tarball } = byName(name);
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

describe('a site that installs the packages into a fresh folder', () => {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = await freshFolder('site', {
      '@userref/sdk-core': `file:${byName('@userref/sdk-core').tarball}`,
      '@userref/sdk-express': `file:${byName('@userref/sdk-express').tarball}`,
      express: '^5.0.0',
      'express-4': 'npm:express@~4.22.0',
    });
    if (folder) cpSync(join(consumer, 'smoke.mjs'), join(folder, 'smoke.mjs'));
  }, 420_000);

  it.for(NODES.flatMap((node) => EXPRESSES.map((express) => [node, express] as const)))(
    'signs people in on Node %i with %s',
    { timeout: 420_000 },
    async ([node, express], { skip }) => {
      const program = await nodeProgram(node);
      if (!folder || !program) return skip();
      const { code, output } = await run(program, ['smoke.mjs', express], folder);
      expect([code, output]).toEqual([0, expect.stringMatching(`fine on Node ${node}\\.`)]);
    },
  );

  it('has a command line that answers', async ({ skip }) => {
    const program = await nodeProgram(22);
    if (!folder || !program) return skip();
    const { code, output } = await run(program, ['node_modules/.bin/userref', '--help'], folder);
    expect([code, output]).toEqual([0, expect.stringContaining('passport')]);
  });
});

describe('pain 17: types break. A site in TypeScript', () => {
  let folder: string | undefined;
  beforeAll(async () => {
    const compilers = Object.entries(COMPILERS).map(([, range]) => [
      aliasOf(range),
      `npm:typescript@${range}`,
    ]);
    folder = await freshFolder('typed-site', {
      '@userref/sdk-core': `file:${byName('@userref/sdk-core').tarball}`,
      '@userref/sdk-express': `file:${byName('@userref/sdk-express').tarball}`,
      '@types/express': '^5.0.0',
      '@types/node': '^24.0.0',
      express: '^5.0.0',
      kysely: '~0.29.0',
      redis: '^6.0.0',
      ...Object.fromEntries(compilers),
    });
    if (folder) cpSync(join(consumer, 'site.ts'), join(folder, 'site.ts'));
  }, 420_000);

  const cases = Object.keys(COMPILERS).flatMap((compiler) =>
    Object.keys(RESOLUTIONS).map((resolution) => [compiler, resolution] as const),
  );
  it.for(cases)(
    'compiles with %s and resolution %s, declarations included',
    { timeout: 240_000 },
    async ([compiler, resolution], { skip }) => {
      if (!folder) return skip();
      const alias = aliasOf(COMPILERS[compiler as keyof typeof COMPILERS]);
      const tsc = join('node_modules', alias, 'bin', 'tsc');
      const project = `tsconfig.${alias}.${resolution}.json`;
      writeFileSync(join(folder, project), JSON.stringify(projectOf(resolution, alias)));
      const { code, output } = await run(process.execPath, [tsc, '-p', project], folder);
      expect([code, output]).toEqual([0, '']);
    },
  );
});

function aliasOf(range: string): string {
  return `typescript-${range.replace(/\D+/g, '')}`;
}

function projectOf(moduleResolution: string, alias: string): object {
  return {
    compilerOptions: {
      ...{ target: 'es2022', module: RESOLUTIONS[moduleResolution as keyof typeof RESOLUTIONS] },
      ...{ moduleResolution, strict: true, exactOptionalPropertyTypes: true, types: ['node'] },
      ...{ noUncheckedIndexedAccess: true, skipLibCheck: false },
      ...{ declaration: true, emitDeclarationOnly: true, outDir: `out-${alias}-${moduleResolution}` },
    },
    files: ['site.ts'],
  };
}
